import { type HostTensors, TraceError } from '@attune/base';
import {
  isAllFixed,
  type KernelName,
  type Size,
  type SymbolicGraph,
  type SymbolicNode,
  type SymbolicValueInfo,
  type ValueId,
  type ValueInfo,
} from '@attune/graph';
import { castTo, type LoweringRule, type OpenRule } from '../onnx/rules/lowering-rule.ts';
import { loweringRules, openRules } from '../onnx/rules/lowering-rules.ts';
import { PortableBuilder, type SizeSource, SizeValues } from './portable-builder.ts';

/** What one ONNX file holds at most: a protocol buffer ends at 2 GiB. Room is left for the graph itself. */
const maxWeightBytes = 2 ** 31 - 2 ** 24;

/**
 * A graph with open sizes as an encoded ONNX model of standard operators. Inputs that are among `weights` become
 * initializers under their name; integer inputs are int64, as the tokenizers of other libraries give them.
 *
 * @throws TraceError naming the node that cannot be lowered, or when the weights do not fit one file
 */
export function lowerSymbolic(graph: SymbolicGraph, weights: HostTensors, modelName: string): Uint8Array {
  const lowering = new Lowering(graph);
  for (const port of graph.inputs) lowering.input(port, weights);
  for (const { value, data } of graph.constants) lowering.constant(value, data);
  graph.nodes.forEach((node, index) => {
    lowering.node(node, index);
  });
  for (const port of graph.outputs) lowering.output(port);
  return lowering.encode(modelName);
}

class Lowering {
  readonly #graph: SymbolicGraph;
  readonly #builder = new PortableBuilder();
  readonly #names = new Map<ValueId, string>();
  readonly #sizes: SizeValues;

  constructor(graph: SymbolicGraph) {
    this.#graph = graph;
    this.#sizes = new SizeValues(this.#builder, sizeSources(graph));
  }

  input({ name, value }: SymbolicGraph['inputs'][number], weights: HostTensors): void {
    const weight = weights.get(name);
    const { dtype, shape } = this.#info(value);
    if (weight !== undefined) {
      this.#names.set(
        value,
        this.#builder.tensor({ type: weight.dtype, shape: weight.shape, data: weight.data }, name),
      );
      return;
    }
    this.#builder.input(name, { dtype: dtype === 'int32' ? 'int64' : dtype, shape: portShape(shape) });
    this.#names.set(value, dtype === 'int32' ? castTo(this.#builder, name, 'int32') : name);
  }

  constant(value: ValueId, data: SymbolicGraph['constants'][number]['data']): void {
    const { dtype, shape } = this.#info(value) as ValueInfo;
    this.#names.set(value, this.#builder.tensor({ type: dtype, shape, data }));
  }

  node(node: SymbolicNode, index: number): void {
    const where = `node ${index} (${node.kernel})`;
    const inputs = node.inputs.map((value) => this.#names.get(value)!);
    const [infos, outputs] = [node.inputs, node.outputs].map((values) => values.map((value) => this.#info(value))) as [
      SymbolicValueInfo[],
      SymbolicValueInfo[],
    ];
    const { kernel, attributes } = node;
    const own = openRules[kernel] as OpenRule<KernelName> | undefined;
    const call = { builder: this.#builder, inputs, attributes };
    const results =
      own === undefined
        ? engineRule(
            kernel,
            where,
            attributes,
          )({
            ...call,
            infos: infos.map((info) => fixedOnly(info, where)),
            outputs: outputs.map((info) => fixedOnly(info, where)),
          })
        : own({ ...call, sizes: this.#sizes, infos });
    node.outputs.forEach((value, place) => {
      this.#names.set(value, results[place]!);
    });
  }

  output({ name, value }: SymbolicGraph['outputs'][number]): void {
    const { dtype, shape } = this.#info(value);
    this.#builder.output(name, { dtype, shape: portShape(shape) });
    this.#builder.node('Identity', [this.#names.get(value)!], { outputs: [name] });
  }

  encode(modelName: string): Uint8Array {
    const { initializerBytes } = this.#builder;
    if (initializerBytes > maxWeightBytes) {
      throw new TraceError(
        `export: the weights take ${(initializerBytes / 2 ** 30).toFixed(1)} GiB, one ONNX file holds 2 GiB; ` +
          'export a smaller model',
      );
    }
    return this.#builder.encode(modelName);
  }

  #info(value: ValueId): SymbolicValueInfo {
    return this.#graph.values[value]!;
  }
}

/** The engine's own rule, for a node all of whose attributes are the same at every size. */
function engineRule(kernel: KernelName, where: string, attributes: unknown): LoweringRule<KernelName> {
  // The table pairs each kernel with its own attributes; a union of rules loses that pairing.
  if (isAllFixed(attributes)) return loweringRules[kernel] as unknown as LoweringRule<KernelName>;
  throw new TraceError(
    `export: ${where} has attributes that depend on the sizes; add an open rule for it in onnx/rules`,
  );
}

/** The engine's rules may build a shape into the model; where it is open that would be wrong for every other size. */
function fixedOnly({ dtype, shape }: SymbolicValueInfo, where: string): ValueInfo {
  return {
    dtype,
    get shape(): readonly number[] {
      if (isAllFixed(shape)) return shape as readonly number[];
      throw new TraceError(
        `export: ${where} builds in the shape [${shape.join(', ')}], which is not fixed; add an open rule for ` +
          'it in onnx/rules',
      );
    },
  };
}

/** For each symbol the first input with an axis of that size. @throws TraceError when there is none */
function sizeSources({ symbols, inputs, values }: SymbolicGraph): Map<string, SizeSource> {
  const axes = inputs.flatMap(({ name, value }) =>
    values[value]!.shape.map((size, axis) => ({ size: String(size), input: name, axis })),
  );
  return new Map(
    symbols.map((symbol) => {
      const source = axes.find(({ size }) => size === symbol);
      if (source === undefined) throw new TraceError(`export: no input has an axis of size ${symbol}`);
      return [symbol, source];
    }),
  );
}

/** "2·batch" would be no name of a size to other tools, but it is one to a reader. */
function portShape(shape: readonly Size[]): (number | string)[] {
  return shape.map((size) => (typeof size === 'number' ? size : size.toString()));
}
