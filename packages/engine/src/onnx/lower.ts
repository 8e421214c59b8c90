import type { Graph, GraphNode, KernelName, ValueId, ValueInfo } from '@attune/graph';
import { ModelBuilder } from './model-builder.ts';
import type { LoweringRule } from './rules/lowering-rule.ts';
import { loweringRules } from './rules/lowering-rules.ts';

/** The graph as an encoded ONNX model with the same input and output names. */
export function lowerToOnnx(graph: Graph, modelName: string): Uint8Array {
  const builder = new ModelBuilder();
  const names = new Map<ValueId, string>();
  const info = (value: ValueId): ValueInfo => graph.values[value]!;
  for (const { name, value } of graph.inputs) {
    builder.input(name, info(value));
    names.set(value, name);
  }
  for (const { value, data } of graph.constants) {
    names.set(value, builder.tensor({ type: info(value).dtype, shape: info(value).shape, data }));
  }
  for (const node of graph.nodes) {
    lowerNode(builder, node, names, info);
  }
  return builder.encode(modelName, nameOutputs(builder, graph, names));
}

function lowerNode(
  builder: ModelBuilder,
  { kernel, inputs, attributes, outputs }: GraphNode,
  names: Map<ValueId, string>,
  info: (value: ValueId) => ValueInfo,
): void {
  // The table pairs each kernel with its own attributes; a union of rules loses that pairing.
  const rule = loweringRules[kernel] as unknown as LoweringRule<KernelName>;
  const results = rule({
    builder,
    inputs: inputs.map((value) => names.get(value)!),
    infos: inputs.map(info),
    outputs: outputs.map(info),
    attributes,
  });
  for (const [index, value] of outputs.entries()) {
    names.set(value, results[index]!);
  }
}

/**
 * Output names. The node that computes a value writes it straight to its output; a value that is an input, a
 * constant or an output already is copied.
 */
function nameOutputs(builder: ModelBuilder, graph: Graph, names: ReadonlyMap<ValueId, string>): Map<string, string> {
  const computed = new Set(builder.nodeOutputs());
  const renamed = new Map<string, string>();
  for (const { name, value } of graph.outputs) {
    const current = names.get(value)!;
    builder.output(name, graph.values[value]!);
    if (computed.has(current) && !renamed.has(current)) {
      renamed.set(current, name);
    } else {
      builder.node('Identity', [current], { outputs: [name] });
    }
  }
  return renamed;
}
