import { sizeOf } from '@attune/base';
import type { Graph, GraphConstant, GraphNode, GraphPort } from './graph.ts';
import { type KernelAttributes, type KernelName, kernels } from './kernels/kernels.ts';
import type { ConstantData, DType, ValueId, ValueInfo } from './values.ts';

/** Constants of at least this many equal elements are recorded as Fill. */
const SMALLEST_FILL = 2;

/** Grows a graph node by node; shapes and dtypes follow from the kernel rules. */
export class GraphBuilder {
  readonly #values: ValueInfo[] = [];
  readonly #inputs: GraphPort[] = [];
  readonly #constants: GraphConstant[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #outputs: GraphPort[] = [];

  info(value: ValueId): ValueInfo {
    const info = this.#values[value];
    if (info === undefined) {
      throw new RangeError(`graph: value ${value} does not exist; there are ${this.#values.length}`);
    }
    return info;
  }

  input(name: string, info: ValueInfo): ValueId {
    const value = this.#add(info);
    this.#inputs.push({ name, value });
    return value;
  }

  /** A constant; a long run of one number (tf.ones, tf.zeros) becomes a Fill. */
  constant(info: ValueInfo, data: ConstantData): ValueId {
    const first = data[0];
    if (first !== undefined && data.length >= SMALLEST_FILL && data.every((x) => Object.is(x, first))) {
      return this.emit('Fill', [], { shape: info.shape, value: first, dtype: info.dtype })[0]!;
    }
    if (data.length !== sizeOf(info.shape)) {
      throw new RangeError(`graph: a constant [${info.shape.join(', ')}] got ${data.length} elements`);
    }
    const value = this.#add(info);
    this.#constants.push({ value, data });
    return value;
  }

  emit<K extends KernelName>(kernel: K, inputs: readonly ValueId[], attributes: KernelAttributes[K]): ValueId[] {
    const infos = inputs.map((value) => this.info(value));
    const outputs = kernels[kernel].infer({ inputs: infos, attributes }).map((info) => this.#add(info));
    // The union of nodes cannot follow a kernel that is itself a type variable.
    this.#nodes.push({ kernel, inputs, attributes, outputs } as unknown as GraphNode);
    return outputs;
  }

  output(name: string, value: ValueId): void {
    this.#outputs.push({ name, value });
  }

  finish(): Graph {
    return {
      values: this.#values,
      inputs: this.#inputs,
      constants: this.#constants,
      nodes: this.#nodes,
      outputs: this.#outputs,
    };
  }

  #add({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype: DType }): ValueId {
    this.#values.push({ shape: [...shape], dtype });
    return this.#values.length - 1;
  }
}
