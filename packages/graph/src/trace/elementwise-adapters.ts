import { TraceError } from '../errors.ts';
import type { KernelAttributes, KernelName } from '../kernels.ts';
import type { Adapter } from './adapter.ts';
import { attribute } from './adapter.ts';
import { callSite } from './call-site.ts';

/** Kernels whose attributes are empty. */
type PlainKernel = { [K in KernelName]: Record<never, never> extends KernelAttributes[K] ? K : never }[KernelName];

/** The kernel as it is, with the inputs in this order. */
export function plain(kernel: PlainKernel, ...inputs: readonly string[]): Adapter {
  return (call) => call.builder.emit(kernel, inputs.map(call.input), {});
}

export const unary = (kernel: PlainKernel): Adapter => plain(kernel, 'x');
export const binary = (kernel: PlainKernel): Adapter => plain(kernel, 'a', 'b');

/** x itself: an identity needs no node. */
export const identity: Adapter = (call) => [call.input('x')];

export const cast: Adapter = (call) => {
  const x = call.input('x');
  const dtype = attribute<'float32' | 'int32' | 'bool'>(call, 'dtype');
  return call.info(x).dtype === dtype ? [x] : call.builder.emit('Cast', [x], { dtype });
};

export const clipByValue: Adapter = (call) =>
  call.builder.emit('ClipByValue', [call.input('x')], {
    min: attribute<number>(call, 'clipValueMin'),
    max: attribute<number>(call, 'clipValueMax'),
  });

export const relu6: Adapter = (call) => call.builder.emit('ClipByValue', [call.input('x')], { min: 0, max: 6 });

/** The kernels with one attribute, alpha. */
export function withAlpha(kernel: 'LeakyRelu' | 'Step'): Adapter {
  return (call) => call.builder.emit(kernel, [call.input('x')], { alpha: attribute<number>(call, 'alpha') });
}

/** Of integers; of floats TensorFlow.js's backends give different dtypes. */
export const floorDiv: Adapter = (call) => {
  const [a, b] = [call.input('a'), call.input('b')];
  if (call.info(a).dtype === 'float32') {
    throw new TraceError(`trace: tf.floorDiv of floats has no rule${callSite()}; use tf.floor(tf.div(a, b))`);
  }
  return call.builder.emit('FloorDiv', [a, b], {});
};

export const select: Adapter = plain('Select', 'condition', 't', 'e');

export const addN: Adapter = (call) => {
  const inputs = call.list();
  return inputs.length === 1 ? inputs : call.builder.emit('AddN', inputs, {});
};
