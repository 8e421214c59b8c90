import * as tf from '@tensorflow/tfjs-core';
import type { LanguageModelCall, Model, SequenceHead } from '../../contracts/model.ts';
import { linear } from './linear.ts';
import { parameter, tableSpec } from './parameters.ts';
import { firstPositions, places } from './sequence-head.ts';

/**
 * A decoder's head over sequences, h Wᵀ without a bias, over the last hidden state h of each one's last real token.
 * Under Hugging Face's name, for classification and for choices alike.
 *
 * The reference implementation takes the last token that is no padding by its id; here the attention mask says it, so
 * that a text may contain that token.
 */
export function lastTokenHead(call: {
  readonly encodeRows: Model['encodeRows'];
  readonly numOutputs: number;
  readonly hiddenSize: number;
  /** Standard deviation of the initial weight. */
  readonly stddev: number;
}): SequenceHead {
  const { encodeRows, numOutputs, hiddenSize, stddev } = call;
  return {
    parameters: [
      tableSpec('score.weight', [numOutputs, hiddenSize], { kind: 'normal', stddev }, { role: 'classifier' }),
    ],
    unusedRoles: ['lm-head'],
    logits(forward) {
      const input = encodeRows({ ...forward, rows: lastTokens(forward.inputs.attentionMask) });
      return linear({ name: 'score', input, parameters: forward.parameters, bias: false });
    },
  };
}

/** Where the last real token of each sequence is among flattened positions: int32 [batch, 1]. */
function lastTokens(attentionMask: tf.Tensor2D): tf.Tensor2D {
  const [batchSize, length] = attentionMask.shape;
  const last = tf.max(tf.mul(attentionMask, places(length)), 1);
  return tf.reshape(tf.add(last, firstPositions(batchSize, length)), [batchSize, 1]);
}

/**
 * Logits of the next token, E h.
 *
 * @param decoder  name of E [vocabSize, hiddenSize]
 * @returns        [rows, vocabSize], or [rows, ids] of the given tokens alone: then only their rows of E are read
 */
export function nextTokenLogits(decoder: string, { hidden, parameters, ids }: LanguageModelCall): tf.Tensor2D {
  const all = parameter<tf.Tensor2D>(parameters, decoder);
  const weight = ids === undefined ? all : (tf.gather(all, tf.tensor1d([...ids], 'int32')) as tf.Tensor2D);
  return tf.matMul(hidden, weight, false, true);
}
