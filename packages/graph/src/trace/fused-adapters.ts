import { TraceError } from '../errors.ts';
import type { ValueId } from '../graph.ts';
import type { Adapter, RecordedCall } from './adapter.ts';
import { attribute } from './adapter.ts';
import { callSite } from './call-site.ts';

/** activation(a b + bias), as the kernels that it is made of; a pass may fuse them again. */
export const fusedMatMul: Adapter = (call) => {
  const { builder } = call;
  const product = builder.emit('BatchMatMul', [call.input('a'), call.input('b')], {
    transposeA: attribute<boolean | undefined>(call, 'transposeA') ?? false,
    transposeB: attribute<boolean | undefined>(call, 'transposeB') ?? false,
  })[0]!;
  const sum = call.has('bias') ? builder.emit('Add', [product, call.input('bias')], {})[0]! : product;
  return [activated(call, sum)];
};

function activated(call: RecordedCall, x: ValueId): ValueId {
  const { builder } = call;
  const activation = attribute<string | undefined>(call, 'activation') ?? 'linear';
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return builder.emit('Relu', [x], {})[0]!;
    case 'relu6':
      return builder.emit('ClipByValue', [x], { min: 0, max: 6 })[0]!;
    case 'elu':
      return builder.emit('Elu', [x], {})[0]!;
    case 'sigmoid':
      return builder.emit('Sigmoid', [x], {})[0]!;
    case 'leakyrelu':
      return builder.emit('LeakyRelu', [x], { alpha: attribute<number>(call, 'leakyreluAlpha') })[0]!;
    case 'prelu':
      return builder.emit('Prelu', [x, call.input('preluActivationWeights')], {})[0]!;
    default:
      throw new TraceError(
        `trace: kernel "_FusedMatMul" with activation "${activation}" has no rule${callSite()}; ` +
          'apply the activation to the result of tf.matMul',
      );
  }
}

/** (x - mean) / sqrt(variance + epsilon) · scale + offset; scale and offset may be absent. */
export const fusedBatchNorm: Adapter = (call) => {
  const { builder } = call;
  const [x, mean, variance] = [call.input('x'), call.input('mean'), call.input('variance')];
  const scalar = { shape: [], dtype: 'float32' } as const;
  const epsilon = builder.constant(scalar, Float32Array.of(attribute<number>(call, 'varianceEpsilon')));
  const [shifted] = builder.emit('Add', [variance, epsilon], {});
  const [inverse] = builder.emit('Rsqrt', [shifted!], {});
  const [slope] = call.has('scale') ? builder.emit('Multiply', [inverse!, call.input('scale')], {}) : [inverse];
  const [centred] = builder.emit('Sub', [x, mean], {});
  const scaled = builder.emit('Multiply', [centred!, slope!], {});
  return call.has('offset') ? builder.emit('Add', [scaled[0]!, call.input('offset')], {}) : scaled;
};
