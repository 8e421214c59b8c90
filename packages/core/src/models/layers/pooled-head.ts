import type * as tf from '@tensorflow/tfjs';
import type { ForwardCall, SequenceHead } from '../../contracts/model.ts';
import { dropout } from './dropout.ts';
import { linear } from './linear.ts';

export interface PooledHead {
  /** The vector of each sequence that is read, [batch, hiddenSize]. */
  readonly pooled: (call: ForwardCall) => tf.Tensor2D;
  readonly numOutputs: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** Rate before the linear layer. */
  readonly dropout: number;
}

/**
 * dropout(p) Wᵀ + b over a pooled vector p, under Hugging Face's names, initialised as there: weight normal(0, 0.02),
 * bias 0.
 */
export function pooledHead({ pooled, numOutputs, hiddenSize, numLayers, dropout: rate }: PooledHead): SequenceHead {
  return {
    parameters: classifierParameters(numOutputs, hiddenSize),
    unusedRoles: ['lm-head'],
    logits(call) {
      const { context, parameters } = call;
      const input = dropout({
        site: 'classifier',
        input: pooled(call),
        rate: context.dropout ?? rate,
        // Above every layer, so it acts whatever part of the encoder is frozen.
        layer: numLayers,
        context,
      });
      return linear({ name: 'classifier', input, parameters });
    },
  };
}

function classifierParameters(numOutputs: number, hiddenSize: number): SequenceHead['parameters'] {
  return [
    {
      name: 'classifier.weight',
      shape: [numOutputs, hiddenSize],
      role: 'classifier',
      initializer: { kind: 'normal', stddev: 0.02 },
      decay: true,
    },
    { name: 'classifier.bias', shape: [numOutputs], role: 'classifier', initializer: { kind: 'zeros' }, decay: false },
  ];
}
