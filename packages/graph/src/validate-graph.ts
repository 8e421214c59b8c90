import { sizeOf } from '@attune/base';
import type { Graph, GraphConstant, GraphNode, GraphPort } from './graph.ts';
import { kernelOf } from './kernels/kernels.ts';
import { infoText, nodeText } from './print-graph.ts';
import { sameShape, type ValueId, type ValueInfo } from './values.ts';

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/**
 * Checks what a graph promises: every value is produced once and before it is read, shapes and dtypes are what the
 * rules infer, attributes are normalised, names are unique, constants fit their type, outputs exist. For tests of
 * passes, and after tracing.
 *
 * @throws RangeError naming the first node or end that breaks a promise, as it prints
 */
export function validateGraph(graph: Graph): void {
  const produced = new Set<ValueId>();
  const produce = (value: ValueId, where: Place): void => {
    check(graph.values[value] !== undefined, where, () => `%${value} has no shape and dtype`);
    check(!produced.has(value), where, () => `%${value} is produced twice`);
    produced.add(value);
  };
  checkNames('input', graph.inputs);
  checkNames('output', graph.outputs);
  for (const { name, value } of graph.inputs) {
    produce(value, () => `input "${name}"`);
  }
  for (const constant of graph.constants) {
    produce(constant.value, () => `constant %${constant.value}`);
    checkConstant(graph, constant);
  }
  for (const node of graph.nodes) {
    const where = (): string => nodeText(graph, node);
    for (const value of node.inputs) {
      check(produced.has(value), where, () => `%${value} is read before it is produced`);
    }
    checkNode(graph, node, where);
    for (const value of node.outputs) {
      produce(value, where);
    }
  }
  for (const { name, value } of graph.outputs) {
    check(
      produced.has(value),
      () => `output "${name}"`,
      () => `%${value} is never produced`,
    );
  }
}

/** Text that is only needed when something is wrong. */
type Place = () => string;

function check(holds: boolean, where: Place, problem: Place): void {
  if (!holds) {
    throw new RangeError(`graph: ${where()}: ${problem()}`);
  }
}

function checkNames(kind: 'input' | 'output', ports: readonly GraphPort[]): void {
  const names = new Set<string>();
  for (const { name } of ports) {
    check(
      !names.has(name),
      () => `${kind} "${name}"`,
      () => 'the name is taken',
    );
    names.add(name);
  }
}

function checkConstant({ values }: Graph, { value, data }: GraphConstant): void {
  const info = values[value]!;
  check(
    data instanceof ARRAYS[info.dtype] && data.length === sizeOf(info.shape),
    () => `constant %${value}`,
    () => `${data.constructor.name} of ${data.length} does not fit ${infoText(info)}`,
  );
}

function checkNode(graph: Graph, { kernel, inputs, attributes, outputs }: GraphNode, where: Place): void {
  const call = { inputs: inputs.map((value) => graph.values[value]!), attributes };
  const { check: checkAttributes, infer } = kernelOf({ kernel });
  const problem = checkAttributes(call);
  check(problem === undefined, where, () => problem!);
  const inferred = infer(call);
  check(
    inferred.length === outputs.length && inferred.every((info, index) => isSame(info, graph.values[outputs[index]!])),
    where,
    () => `the rule of ${kernel} infers ${inferred.map(infoText).join(', ')}`,
  );
}

function isSame(a: ValueInfo, b: ValueInfo | undefined): boolean {
  return a.dtype === b?.dtype && sameShape(a.shape, b.shape);
}
