import * as tf from '@tensorflow/tfjs-core';
import type { ModelInputs } from '../../contracts/model.ts';
import { firstPositions } from './first-positions.ts';

/**
 * The first token of each sequence among flattened positions: int32 [batch, 1]. At the left edge, unless positions are
 * given: then padding may be there, and it is the first one that the mask shows.
 */
export function firstTokens({ inputIds, attentionMask, positions }: ModelInputs): tf.Tensor2D {
  const [batchSize, length] = inputIds.shape;
  const edges = firstPositions(batchSize, length);
  const first = positions === undefined ? edges : tf.add(edges, tf.argMax(attentionMask, 1));
  return tf.reshape(first, [batchSize, 1]);
}
