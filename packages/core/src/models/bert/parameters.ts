import type { Initializer, ParameterRole, ParameterSpec, ProjectionSpec } from '../../contracts/model.ts';
import type { BertConfig } from './config.ts';

/** Where the parts of a BERT are in a checkpoint written by Hugging Face's BertForPreTraining. */
export const paths = {
  wordEmbeddings: 'bert.embeddings.word_embeddings',
  positionEmbeddings: 'bert.embeddings.position_embeddings',
  typeEmbeddings: 'bert.embeddings.token_type_embeddings',
  embeddingsNorm: 'bert.embeddings.LayerNorm',
  layer: (index: number) => `bert.encoder.layer.${index}`,
  pooler: 'bert.pooler.dense',
  transform: 'cls.predictions.transform.dense',
  transformNorm: 'cls.predictions.transform.LayerNorm',
  decoder: 'cls.predictions.decoder',
  decoderBias: 'cls.predictions.bias',
} as const;

type Place = { readonly role: ParameterRole; readonly layer?: number };

/** Every parameter in checkpoint order. A decoder tied to the word embeddings has only its bias here. */
export function bertParameters(config: BertConfig): ParameterSpec[] {
  const { hidden_size: hidden, vocab_size: vocab } = config;
  const normal: Initializer = { kind: 'normal', stddev: config.initializer_range };
  const lmHead: Place = { role: 'lm-head' };
  const untied = table(`${paths.decoder}.weight`, [vocab, hidden], normal, lmHead);
  return [
    ...embeddingParameters(config, normal),
    ...Array.from({ length: config.num_hidden_layers }, (_, layer) => layerParameters(config, layer, normal)).flat(),
    ...dense(paths.pooler, [hidden, hidden], normal, { role: 'pooler' }),
    { name: paths.decoderBias, shape: [vocab], initializer: { kind: 'zeros' }, decay: false, ...lmHead },
    ...dense(paths.transform, [hidden, hidden], normal, lmHead),
    ...norm(paths.transformNorm, hidden, lmHead),
    ...(config.tie_word_embeddings ? [] : [untied]),
  ];
}

/** The six linear projections of each layer, bottom layer first. */
export function bertProjections(config: BertConfig): ProjectionSpec[] {
  return Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    projectionShapes(config).map(([path, outputSize, inputSize]) => ({
      name: `${paths.layer(layer)}.${path}`,
      layer,
      inputSize,
      outputSize,
    })),
  ).flat();
}

function projectionShapes(config: BertConfig): [path: string, outputSize: number, inputSize: number][] {
  const { hidden_size: hidden, intermediate_size: intermediate } = config;
  return [
    ['attention.self.query', hidden, hidden],
    ['attention.self.key', hidden, hidden],
    ['attention.self.value', hidden, hidden],
    ['attention.output.dense', hidden, hidden],
    ['intermediate.dense', intermediate, hidden],
    ['output.dense', hidden, intermediate],
  ];
}

function embeddingParameters(config: BertConfig, normal: Initializer): ParameterSpec[] {
  const place: Place = { role: 'embeddings' };
  const hidden = config.hidden_size;
  return [
    table(`${paths.wordEmbeddings}.weight`, [config.vocab_size, hidden], normal, place),
    table(`${paths.positionEmbeddings}.weight`, [config.max_position_embeddings, hidden], normal, place),
    table(`${paths.typeEmbeddings}.weight`, [config.type_vocab_size, hidden], normal, place),
    ...norm(paths.embeddingsNorm, hidden, place),
  ];
}

function layerParameters(config: BertConfig, layer: number, normal: Initializer): ParameterSpec[] {
  const place: Place = { role: 'encoder', layer };
  return projectionShapes(config).flatMap(([path, outputSize, inputSize]) => {
    const name = `${paths.layer(layer)}.${path}`;
    const projection = dense(name, [outputSize, inputSize], normal, place);
    // Each of the two output projections is followed by the layer norm of its residual sum.
    if (!path.endsWith('output.dense')) return projection;
    return [...projection, ...norm(name.replace(/dense$/, 'LayerNorm'), config.hidden_size, place)];
  });
}

function table(name: string, shape: readonly number[], initializer: Initializer, place: Place): ParameterSpec {
  return { name, shape, initializer, decay: true, ...place };
}

function dense(name: string, shape: readonly [number, number], initializer: Initializer, place: Place) {
  return [
    table(`${name}.weight`, shape, initializer, place),
    { name: `${name}.bias`, shape: [shape[0]], initializer: { kind: 'zeros' }, decay: false, ...place },
  ] satisfies ParameterSpec[];
}

function norm(name: string, hidden: number, place: Place) {
  return [
    { name: `${name}.weight`, shape: [hidden], initializer: { kind: 'ones' }, decay: false, ...place },
    { name: `${name}.bias`, shape: [hidden], initializer: { kind: 'zeros' }, decay: false, ...place },
  ] satisfies ParameterSpec[];
}
