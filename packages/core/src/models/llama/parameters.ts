import type { Initializer, ParameterSpec, ProjectionSpec } from '../../contracts/model.ts';
import { type Place, tableSpec, vectorSpec } from '../layers/parameters.ts';
import type { LlamaConfig } from './config.ts';

/** Where the parts are in a checkpoint written by Hugging Face's LlamaForCausalLM and its relatives. */
export const paths = {
  wordEmbeddings: 'model.embed_tokens',
  layer: (index: number) => `model.layers.${index}`,
  finalNorm: 'model.norm',
  decoder: 'lm_head',
} as const;

/** Every parameter in checkpoint order. A decoder tied to the word embeddings is none of its own. */
export function llamaParameters(config: LlamaConfig): ParameterSpec[] {
  const table = [config.vocab_size, config.hidden_size];
  const normal: Initializer = { kind: 'normal', stddev: config.initializer_range };
  return [
    tableSpec(`${paths.wordEmbeddings}.weight`, table, normal, { role: 'embeddings' }),
    ...Array.from({ length: config.num_hidden_layers }, (_, layer) => layerParameters(config, layer, normal)).flat(),
    vectorSpec(`${paths.finalNorm}.weight`, config.hidden_size, 'ones', { role: 'final-norm' }),
    ...(config.tie_word_embeddings ? [] : [tableSpec(`${paths.decoder}.weight`, table, normal, { role: 'lm-head' })]),
  ];
}

/** The seven linear projections of each layer, bottom layer first. */
export function llamaProjections(config: LlamaConfig): ProjectionSpec[] {
  return Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    projectionShapes(config).map(({ kind, path, outputSize, inputSize }) => ({
      kind,
      name: `${paths.layer(layer)}.${path}`,
      layer,
      inputSize,
      outputSize,
    })),
  ).flat();
}

interface ProjectionShape extends Pick<ProjectionSpec, 'kind' | 'outputSize' | 'inputSize'> {
  readonly path: string;
}

function projectionShapes(config: LlamaConfig): ProjectionShape[] {
  const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads, headSize } = config;
  const keys = config.numKeyValueHeads * headSize;
  return [
    { kind: 'query', path: 'self_attn.q_proj', outputSize: heads * headSize, inputSize: hidden },
    { kind: 'key', path: 'self_attn.k_proj', outputSize: keys, inputSize: hidden },
    { kind: 'value', path: 'self_attn.v_proj', outputSize: keys, inputSize: hidden },
    { kind: 'attention-output', path: 'self_attn.o_proj', outputSize: hidden, inputSize: heads * headSize },
    { kind: 'feed-forward-gate', path: 'mlp.gate_proj', outputSize: inner, inputSize: hidden },
    { kind: 'feed-forward-in', path: 'mlp.up_proj', outputSize: inner, inputSize: hidden },
    { kind: 'feed-forward-out', path: 'mlp.down_proj', outputSize: hidden, inputSize: inner },
  ];
}

/** Whether a projection of a layer has a bias. */
export function hasBias(config: LlamaConfig, path: string): boolean {
  if (path.startsWith('mlp.')) return config.model_type === 'llama' && config.mlp_bias;
  if (config.model_type === 'qwen2') return path !== 'self_attn.o_proj';
  return config.attention_bias;
}

/** Whether each head's queries and keys are normalised. */
export function hasHeadNorms({ model_type }: LlamaConfig): boolean {
  return model_type === 'qwen3';
}

function layerParameters(config: LlamaConfig, layer: number, normal: Initializer): ParameterSpec[] {
  const place: Place = { role: 'encoder', layer };
  const path = paths.layer(layer);
  const headNorms = hasHeadNorms(config) ? ['self_attn.q_norm', 'self_attn.k_norm'] : [];
  return [
    ...projectionShapes(config).flatMap((shape) => [
      tableSpec(`${path}.${shape.path}.weight`, [shape.outputSize, shape.inputSize], normal, place),
      ...(hasBias(config, shape.path)
        ? [vectorSpec(`${path}.${shape.path}.bias`, shape.outputSize, 'zeros', place)]
        : []),
    ]),
    ...headNorms.map((name) => vectorSpec(`${path}.${name}.weight`, config.headSize, 'ones', place)),
    vectorSpec(`${path}.input_layernorm.weight`, config.hidden_size, 'ones', place),
    vectorSpec(`${path}.post_attention_layernorm.weight`, config.hidden_size, 'ones', place),
  ];
}
