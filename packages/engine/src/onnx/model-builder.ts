import { sizeOf } from '@attune/base';
import type { DType } from '@attune/graph';
import {
  attributeProto,
  type ElementType,
  ModelProto,
  type OnnxAttribute,
  type TensorData,
  tensorProto,
  valueInfoProto,
} from './onnx-schema.ts';

const IR_VERSION = 9;
/** ReduceMax and the like take their axes as an input from 18; ScatterND adds from 16. */
const OPSET = 18;

/** What of a node is not an input. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Output names; one new name when absent. */
  readonly outputs?: readonly string[];
  readonly domain?: 'com.microsoft';
}

/** Type of an input or output; a size given as text is known at run time only. */
interface PortType {
  readonly dtype: ElementType;
  readonly shape: readonly (number | string)[];
}

interface OnnxNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly attribute: readonly object[];
  readonly domain: string;
}

/** Grows an ONNX model; every method that adds something returns its name. */
export class ModelBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #shared = new Map<string, string>();
  #names = 0;

  input(name: string, { dtype, shape }: PortType): void {
    this.#inputs.push(valueInfoProto(name, dtype, shape));
  }

  output(name: string, { dtype, shape }: PortType): void {
    this.#outputs.push(valueInfoProto(name, dtype, shape));
  }

  /** A node with one output. */
  node(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const outputs = options.outputs ?? [this.newName()];
    const attribute = Object.entries(options.attributes ?? {}).map(([name, value]) => attributeProto(name, value));
    this.#nodes.push({
      opType,
      input: inputs,
      output: outputs,
      name: `${opType}_${this.#nodes.length}`,
      attribute,
      domain: options.domain ?? '',
    });
    return outputs[0]!;
  }

  /** Names of everything that nodes compute. */
  nodeOutputs(): string[] {
    return this.#nodes.flatMap(({ output }) => output);
  }

  tensor(tensor: TensorData, name: string = this.newName()): string {
    this.#initializers.push(tensorProto(name, tensor));
    return name;
  }

  /** A list of int64, as ONNX wants axes, shapes and the like; equal lists share one initializer. */
  ints(values: readonly number[]): string {
    return this.#share(`ints ${values.join()}`, () => ({
      type: 'int64',
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    }));
  }

  /** A scalar constant. */
  scalar(value: number, dtype: DType): string {
    return this.#share(`scalar ${dtype} ${Object.is(value, -0) ? '-0' : value}`, () => ({
      type: dtype,
      shape: [],
      data: arrayOf(dtype, [value]),
    }));
  }

  /** A float32 constant of equal elements. */
  filled(shape: readonly number[], value: number): string {
    return this.#share(`filled ${shape.join()} ${value}`, () => ({
      type: 'float32',
      shape,
      data: new Float32Array(sizeOf(shape)).fill(value),
    }));
  }

  /** The encoded model. Values that got another name by `names` carry it everywhere. */
  encode(name: string, names: ReadonlyMap<string, string> = new Map()): Uint8Array {
    const renamed = (value: string): string => names.get(value) ?? value;
    const graph = {
      name,
      node: this.#nodes.map((node) => ({
        ...node,
        input: node.input.map(renamed),
        output: node.output.map(renamed),
      })),
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    };
    const isExtended = this.#nodes.some(({ domain }) => domain === 'com.microsoft');
    const opsetImport = [
      { domain: '', version: OPSET },
      ...(isExtended ? [{ domain: 'com.microsoft', version: 1 }] : []),
    ];
    return ModelProto.encode({ irVersion: IR_VERSION, producerName: 'attune', graph, opsetImport }).finish();
  }

  #share(key: string, make: () => TensorData): string {
    const name = this.#shared.get(key) ?? this.tensor(make());
    this.#shared.set(key, name);
    return name;
  }

  /** A name that nothing has yet. */
  newName(): string {
    this.#names += 1;
    return `t${this.#names}`;
  }
}

/** Numbers as the content of a tensor; true is 1. */
export function arrayOf(dtype: DType, values: readonly number[]): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'bool':
      return Uint8Array.from(values);
  }
}
