import { type HostTensor, type HostTensors, intTensor } from '@attune/base';
import {
  evaluationContext,
  type ForwardCall,
  fromTensor,
  type Model,
  type SequenceHead,
  toTensors,
} from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** A model as it is, and the sequences that it is asked about. */
interface ModelLogitsCall {
  readonly model: Model;
  /** Every parameter that is read, the head's included. */
  readonly values: HostTensors;
  /** Of one length. */
  readonly inputIds: readonly (readonly number[])[];
  /** A head over sequences; that of pre-training when absent. */
  readonly sequenceHead?: SequenceHead;
}

/**
 * Logits on TensorFlow.js's cpu backend, without padding: of the head [batch, outputs], or of the vocabulary at every
 * position [batch, length, vocabSize].
 */
export async function modelLogits(call: ModelLogitsCall): Promise<HostTensor> {
  await tf.setBackend('cpu');
  tf.engine().startScope();
  try {
    return fromTensor(logitsOf(call));
  } finally {
    tf.engine().endScope();
  }
}

function logitsOf({ model, values, inputIds, sequenceHead }: ModelLogitsCall): tf.Tensor {
  const shape = [inputIds.length, inputIds[0]!.length] as const;
  const batch = toTensors(new Map([['inputIds', intTensor(shape, inputIds.flat())]]));
  const parameters = toTensors(values);
  const forward: ForwardCall = {
    parameters,
    inputs: {
      inputIds: batch.get('inputIds') as tf.Tensor2D,
      tokenTypeIds: tf.zeros([...shape], 'int32'),
      attentionMask: tf.ones([...shape], 'int32'),
    },
    hooks: {},
    context: evaluationContext,
  };
  if (sequenceHead !== undefined) return sequenceHead.logits(forward);
  const rows = shape[0] * shape[1];
  const hidden = tf.reshape(model.encode(forward).last, [rows, model.hiddenSize]) as tf.Tensor2D;
  return tf.reshape(model.languageModelLogits({ hidden, parameters }), [...shape, model.vocabSize]);
}
