import type { Adapter } from './adapter.ts';
import { attribute, axesOf, axisOf } from './adapter.ts';

type ReductionKernel = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'Any' | 'All';

export function reduction(kernel: ReductionKernel, axisName = 'axis'): Adapter {
  return (call) => {
    const x = call.input('x');
    const axes = axesOf(call, axisName, call.info(x).shape);
    return call.builder.emit(kernel, [x], {
      axes,
      keepDims: attribute<boolean | undefined>(call, 'keepDims') ?? false,
    });
  };
}

export function argReduction(kernel: 'ArgMax' | 'ArgMin'): Adapter {
  return (call) => {
    const x = call.input('x');
    return call.builder.emit(kernel, [x], { axis: axisOf(call, 'axis', call.info(x).shape.length) });
  };
}

/** Softmax is over the last axis; TensorFlow.js refuses any other. */
export const softmax: Adapter = (call) => call.builder.emit('Softmax', [call.input('logits')], {});

export function scan(kernel: 'Cumsum' | 'Cumprod'): Adapter {
  return (call) => {
    const x = call.input('x');
    return call.builder.emit(kernel, [x], {
      axis: axisOf(call, 'axis', call.info(x).shape.length),
      exclusive: attribute<boolean | undefined>(call, 'exclusive') ?? false,
      reverse: attribute<boolean | undefined>(call, 'reverse') ?? false,
    });
  };
}
