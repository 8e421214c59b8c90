import type { GraphNode } from '../graph.ts';
import type { KernelName } from '../kernels.ts';
import type { KernelRule } from '../rules/kernel-rule.ts';
import { kernelRules } from '../rules/kernel-rules.ts';
import type { EvaluationRule } from './evaluation-rule.ts';
import { evaluationRules } from './evaluation-rules.ts';
import type { HostValue } from './on-cpu.ts';
import { onCpu } from './on-cpu.ts';

/**
 * Computes one node in JavaScript, by TensorFlow.js's cpu kernels, whichever backend is active; tensors that exist
 * are not touched. Its sums are in float64 in the order of the elements, so other engines differ in the last digits.
 */
export function evaluateNode(
  { kernel, attributes }: Pick<GraphNode, 'kernel' | 'attributes'>,
  inputs: readonly HostValue[],
): HostValue[] {
  // The tables pair each kernel with its own attributes; a union of rules loses that pairing.
  const outputs = (kernelRules[kernel] as unknown as KernelRule<KernelName>).infer({ inputs, attributes });
  const evaluate = evaluationRules[kernel] as unknown as EvaluationRule<KernelName>;
  return onCpu(inputs, (tensors, run) => evaluate({ inputs: tensors, attributes, outputs, run }));
}
