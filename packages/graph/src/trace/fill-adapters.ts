import type { DType } from '../dtype.ts';
import type { HostValue } from '../evaluate/on-cpu.ts';
import { onCpu } from '../evaluate/on-cpu.ts';
import type { Adapter } from './adapter.ts';
import { attribute } from './adapter.ts';

export const fill: Adapter = (call) =>
  call.builder.emit('Fill', [], {
    shape: attribute<number[]>(call, 'shape'),
    value: attribute<number>(call, 'value'),
    dtype: attribute<DType | undefined>(call, 'dtype') ?? 'float32',
  });

/** A Fill with another tensor's shape and dtype. */
export function likeFill(value: number): Adapter {
  return (call) => call.builder.emit('Fill', [], { ...call.info(call.input('x')), value });
}

/** A kernel of numbers alone, as a constant: TensorFlow.js's own result. */
export function computed(kernel: 'Range' | 'LinSpace'): Adapter {
  return (call) => {
    const [{ data, ...info }] = onCpu([], (_none, run) => run(kernel, {}, call.attributes)) as [HostValue];
    return [call.builder.constant(info, data)];
  };
}
