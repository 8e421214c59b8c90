import { TraceError } from '../errors.ts';
import type { KernelName } from '../kernels.ts';
import type { Adapter } from './adapter.ts';
import { attribute, axesOf, axisOf } from './adapter.ts';
import { callSite } from './call-site.ts';

type ReductionKernel = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'Any' | 'All';

/** Kernels without a value for no elements; of All, TensorFlow.js's backends give different ones. */
const NEEDS_ELEMENTS: ReadonlySet<ReductionKernel> = new Set(['Max', 'Min', 'All']);

/** @throws TraceError when every element of the result would come from no elements */
function refuseEmpty(kernel: KernelName, shape: readonly number[], axes: readonly number[]): void {
  const hasResult = shape.every((size, axis) => size > 0 || axes.includes(axis));
  if (hasResult && shape.includes(0)) {
    throw new TraceError(
      `trace: kernel "${kernel}" over axes [${axes.join(', ')}] of [${shape.join(', ')}] has no elements to ` +
        `reduce${callSite()}; leave out the empty tensor`,
    );
  }
}

export function reduction(kernel: ReductionKernel, axisName = 'axis'): Adapter {
  return (call) => {
    const x = call.input('x');
    const { shape } = call.info(x);
    const axes = axesOf(call, axisName, shape);
    if (NEEDS_ELEMENTS.has(kernel)) {
      refuseEmpty(kernel, shape, axes);
    }
    return call.builder.emit(kernel, [x], {
      axes,
      keepDims: attribute<boolean | undefined>(call, 'keepDims') ?? false,
    });
  };
}

export function argReduction(kernel: 'ArgMax' | 'ArgMin'): Adapter {
  return (call) => {
    const x = call.input('x');
    const { shape } = call.info(x);
    const axis = axisOf(call, 'axis', shape.length);
    refuseEmpty(kernel, shape, [axis]);
    return call.builder.emit(kernel, [x], { axis });
  };
}

/** Sorted or not, the k largest come in descending order. */
export const topK: Adapter = (call) =>
  call.builder.emit('TopK', [call.input('x')], { k: attribute<number>(call, 'k') });

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
