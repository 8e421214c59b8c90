import { ConfigError, type HostTensor, type HostTensors, type RandomSource } from '@attune/base';
import { type Model, oneHot } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The table of word embeddings, which pseudo tokens bypass: the first embedding with a row per vocabulary entry.
 *
 * @throws ConfigError when the model has none
 */
export function wordEmbeddings(model: Model): { readonly name: string; readonly width: number } {
  const table = model.parameters.find(({ role, shape }) => role === 'embeddings' && shape[0] === model.vocabSize);
  const width = table?.shape[1];
  if (table !== undefined && width !== undefined) return { name: table.name, width };
  throw new ConfigError(
    `p-tuning: expected word embeddings [${model.vocabSize}, width] among ${model.family}'s parameters`,
  );
}

/** Copies of `count` rows drawn at random from a table [rows, width], as [count, width]. */
export function randomRows(table: HostTensor, count: number, random: RandomSource): HostTensor {
  const [rows = 0, width = 0] = table.shape;
  const data = new Float32Array(count * width);
  for (let row = 0; row < count; row += 1) {
    const start = random.integer(rows) * width;
    data.set(table.data.subarray(start, start + width), row * width);
  }
  return { dtype: 'float32', shape: [count, width], data };
}

/** @throws ConfigError when the backbone's values lack the table */
export function wordEmbeddingValues(values: HostTensors, name: string): HostTensor {
  const table = values.get(name);
  if (table !== undefined) return table;
  throw new ConfigError(`p-tuning: initialization "vocabulary" expected the tensor "${name}" among the model's values`);
}

/**
 * Overwrites the embedding of every pseudo token: where `virtualTokenIndex` is k, row k - 1 of `prompts` stands.
 * Position and type embeddings, layer norm and dropout still follow, as in the authors' code.
 *
 * @param embeddings         word embeddings [batch, length, width]
 * @param prompts            [numVirtualTokens, width]
 * @param virtualTokenIndex  int32 [batch, length], 0 for ordinary tokens
 */
export function placePrompts(
  embeddings: tf.Tensor3D,
  prompts: tf.Tensor2D,
  virtualTokenIndex: tf.Tensor2D,
): tf.Tensor3D {
  const [batch, length, width] = embeddings.shape;
  // A product, so that the gradient is one too and not sums of rows, which run one after the other. Ordinary tokens
  // have number -1, which is no column: they add nothing and send no gradient to the prompts.
  const numbers = tf.sub(tf.reshape(virtualTokenIndex, [-1]), tf.scalar(1, 'int32')) as tf.Tensor1D;
  const places = tf.cast(oneHot(numbers, prompts.shape[0], 'int32'), 'float32') as tf.Tensor2D; // [batch · length, prompts]
  const rows = tf.reshape(tf.matMul(places, prompts), [batch, length, width]);
  const isOrdinary = tf.cast(tf.equal(virtualTokenIndex, tf.scalar(0, 'int32')), 'float32'); // [batch, length]
  return tf.add(tf.mul(embeddings, tf.expandDims(isOrdinary, -1)), rows);
}
