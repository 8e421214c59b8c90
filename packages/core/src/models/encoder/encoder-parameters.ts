import type { Initializer, ParameterSpec, ProjectionSpec } from '../../contracts/model.ts';
import { denseSpecs, normSpecs, type Place, tableSpec } from '../layers/parameters.ts';
import type { Encoder, PostNormLayer } from './post-norm-layer.ts';

/** What the parameters of an encoder need beside its modules. */
export interface EncoderSizes {
  readonly intermediateSize: number;
  /** Of all matrices and tables. */
  readonly initializer: Initializer;
}

/** Embeddings, then the layers from the bottom. Modules that several layers share are listed once, without a layer. */
export function encoderParameters(encoder: Encoder, sizes: EncoderSizes): ParameterSpec[] {
  const own = distinctLayers(encoder).flatMap((layer) => layerParameters(encoder, layer, sizes));
  return [...embeddingParameters(encoder, sizes.initializer), ...own];
}

/** The six linear projections of each layer, bottom layer first; shared ones once. */
export function encoderProjections(encoder: Encoder, sizes: EncoderSizes): ProjectionSpec[] {
  return distinctLayers(encoder).flatMap((layer) =>
    projectionShapes(encoder, layer, sizes).map((shape) => ({ ...shape, ...layerOf(layer) })),
  );
}

/** One layer for each set of modules. */
function distinctLayers({ layers }: Encoder): readonly PostNormLayer[] {
  const first = (query: string) => layers.find(({ modules }) => modules.query === query);
  return layers.filter((layer) => first(layer.modules.query) === layer);
}

function layerOf({ index, isShared }: PostNormLayer): { readonly layer?: number } {
  return isShared ? {} : { layer: index };
}

function embeddingParameters({ embeddings, hiddenSize }: Encoder, initializer: Initializer): ParameterSpec[] {
  const place: Place = { role: 'embeddings' };
  const { width } = embeddings;
  const table = (name: string, rows: number) => tableSpec(`${name}.weight`, [rows, width], initializer, place);
  return [
    table(embeddings.words, embeddings.vocabSize),
    table(embeddings.positions, embeddings.numPositions),
    ...(embeddings.types === undefined ? [] : [table(embeddings.types.name, embeddings.types.count)]),
    ...normSpecs(embeddings.norm, width, place),
    ...(embeddings.projection === undefined
      ? []
      : denseSpecs(embeddings.projection, [hiddenSize, width], initializer, place)),
  ];
}

function layerParameters(encoder: Encoder, layer: PostNormLayer, sizes: EncoderSizes): ParameterSpec[] {
  const place: Place = { role: 'encoder', ...layerOf(layer) };
  const { attentionOutput, attentionNorm, output, outputNorm } = layer.modules;
  // Each of the two output projections is followed by the layer norm of its residual sum.
  const norms = new Map([
    [attentionOutput, attentionNorm],
    [output, outputNorm],
  ]);
  return projectionShapes(encoder, layer, sizes).flatMap(({ name, outputSize, inputSize }) => {
    const projection = denseSpecs(name, [outputSize, inputSize], sizes.initializer, place);
    const norm = norms.get(name);
    return norm === undefined ? projection : [...projection, ...normSpecs(norm, encoder.hiddenSize, place)];
  });
}

function projectionShapes(
  { hiddenSize }: Encoder,
  { modules }: PostNormLayer,
  { intermediateSize }: EncoderSizes,
): ProjectionSpec[] {
  const square = { outputSize: hiddenSize, inputSize: hiddenSize };
  return [
    { kind: 'query', name: modules.query, ...square },
    { kind: 'key', name: modules.key, ...square },
    { kind: 'value', name: modules.value, ...square },
    { kind: 'attention-output', name: modules.attentionOutput, ...square },
    { kind: 'feed-forward-in', name: modules.intermediate, outputSize: intermediateSize, inputSize: hiddenSize },
    { kind: 'feed-forward-out', name: modules.output, outputSize: hiddenSize, inputSize: intermediateSize },
  ];
}
