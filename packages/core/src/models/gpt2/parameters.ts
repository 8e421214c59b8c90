import type { Initializer, ParameterSpec, ProjectionSpec } from '../../contracts/model.ts';
import { normSpecs, type Place, tableSpec, vectorSpec } from '../layers/parameters.ts';
import type { Gpt2Config } from './config.ts';

/** Where the parts of a GPT-2 are in a checkpoint written by Hugging Face's GPT2LMHeadModel. */
export const paths = {
  wordEmbeddings: 'transformer.wte',
  positionEmbeddings: 'transformer.wpe',
  layer: (index: number) => `transformer.h.${index}`,
  finalNorm: 'transformer.ln_f',
  decoder: 'lm_head',
} as const;

/** Every parameter in checkpoint order. A decoder tied to the word embeddings is none of its own. */
export function gpt2Parameters(config: Gpt2Config): ParameterSpec[] {
  const { n_embd: hidden, vocab_size: vocab } = config;
  const normal: Initializer = { kind: 'normal', stddev: config.initializer_range };
  const embeddings: Place = { role: 'embeddings' };
  return [
    tableSpec(`${paths.wordEmbeddings}.weight`, [vocab, hidden], normal, embeddings),
    tableSpec(`${paths.positionEmbeddings}.weight`, [config.n_positions, hidden], normal, embeddings),
    ...Array.from({ length: config.n_layer }, (_, layer) => layerParameters(config, layer, normal)).flat(),
    ...normSpecs(paths.finalNorm, hidden, { role: 'final-norm' }),
    ...(config.tie_word_embeddings
      ? []
      : [tableSpec(`${paths.decoder}.weight`, [vocab, hidden], normal, { role: 'lm-head' })]),
  ];
}

/** The four linear projections of each layer, bottom layer first. The first is queries, keys and values in one. */
export function gpt2Projections(config: Gpt2Config): ProjectionSpec[] {
  return Array.from({ length: config.n_layer }, (_, layer) =>
    projectionShapes(config).map(({ kind, path, inputSize, outputSize }) => ({
      kind,
      name: `${paths.layer(layer)}.${path}`,
      layer,
      inputSize,
      outputSize,
      fanInFanOut: true,
    })),
  ).flat();
}

interface ProjectionShape extends Pick<ProjectionSpec, 'kind' | 'inputSize' | 'outputSize'> {
  readonly path: string;
}

function projectionShapes(config: Gpt2Config): ProjectionShape[] {
  const { n_embd: hidden } = config;
  const inner = config.n_inner ?? 4 * hidden;
  return [
    { kind: 'query-key-value', path: 'attn.c_attn', inputSize: hidden, outputSize: 3 * hidden },
    { kind: 'attention-output', path: 'attn.c_proj', inputSize: hidden, outputSize: hidden },
    { kind: 'feed-forward-in', path: 'mlp.c_fc', inputSize: hidden, outputSize: inner },
    { kind: 'feed-forward-out', path: 'mlp.c_proj', inputSize: inner, outputSize: hidden },
  ];
}

/**
 * What ends on the residual stream starts smaller by √(2 · layers), as the residual sums of a pass add up (Radford et
 * al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3).
 */
function layerParameters(config: Gpt2Config, layer: number, normal: Initializer): ParameterSpec[] {
  const place: Place = { role: 'encoder', layer };
  const residual: Initializer = { kind: 'normal', stddev: config.initializer_range / Math.sqrt(2 * config.n_layer) };
  const normBefore: Readonly<Record<string, string>> = { 'attn.c_attn': 'ln_1', 'mlp.c_fc': 'ln_2' };
  return projectionShapes(config).flatMap(({ path, inputSize, outputSize }) => {
    const name = `${paths.layer(layer)}.${path}`;
    const before = normBefore[path];
    return [
      ...(before === undefined ? [] : normSpecs(`${paths.layer(layer)}.${before}`, config.n_embd, place)),
      tableSpec(`${name}.weight`, [inputSize, outputSize], path.endsWith('c_proj') ? residual : normal, place),
      vectorSpec(`${name}.bias`, outputSize, 'zeros', place),
    ];
  });
}
