import { TraceError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelName, kernelOf, kernels } from '../kernels/kernels.ts';
import type { ValueId } from '../values.ts';
import { type RewrittenCall, type RewrittenKernel, rewrittenKernels, toShape } from './rewritten-kernels.ts';
import { TRACE_BACKEND, type TraceBackend } from './trace-backend.ts';
import { refuseKernel } from './trace-error.ts';

/** Registers every kernel name that TensorFlow.js knows: recorded by its record, rewritten, or refused by name. */
export function registerTraceKernels(): void {
  const names = new Set([
    ...tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName),
    ...Object.keys(kernels),
    ...Object.keys(rewrittenKernels),
  ]);
  for (const kernelName of names) {
    if (tf.getKernel(kernelName, TRACE_BACKEND) === undefined) {
      tf.registerKernel({ kernelName, backendName: TRACE_BACKEND, kernelFunc: recorderOf(kernelName) });
    }
  }
}

function recorderOf(kernel: string): tf.KernelFunc {
  if (Object.hasOwn(rewrittenKernels, kernel)) {
    return record(kernel, rewrittenKernels[kernel as RewrittenKernel], kernel === 'Unpack');
  }
  if (!Object.hasOwn(kernels, kernel)) return () => refuseKernel(kernel);
  const name = kernel as KernelName;
  const { trace, givesList } = kernelOf({ kernel: name });
  if (trace === undefined) return () => refuseKernel(kernel);
  return record(
    kernel,
    ({ builder, ...call }) =>
      trace({
        ...call,
        emit: (inputs, attributes) => builder.emit(name, inputs, attributes),
        toShape: (shaping, x, shape) => toShape(builder, shaping, x, shape),
      }),
    givesList,
  );
}

function record(
  kernel: string,
  rewrite: (call: RewrittenCall) => readonly ValueId[],
  givesList = false,
): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const recorder = backend as TraceBackend;
    const given = Object.values(inputs).filter((input) => input !== undefined && input !== null);
    const outputs = rewrite({
      kernel,
      builder: recorder.builder,
      input: (name) => {
        const tensor = inputs[name];
        if (tensor === undefined) {
          throw new TraceError(`trace: kernel "${kernel}" has no input "${name}"`);
        }
        return recorder.valueFor(tensor);
      },
      has: (name) => inputs[name] !== undefined && inputs[name] !== null,
      list: () => given.map((tensor) => recorder.valueFor(tensor)),
      info: (value) => recorder.builder.info(value),
      attributes: attrs ?? {},
    });
    const tensors = recorder.tensors(outputs, given);
    return tensors.length === 1 && !givesList ? tensors[0]! : tensors;
  };
}
