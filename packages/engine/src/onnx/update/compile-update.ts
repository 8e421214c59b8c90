import { sizeOf } from '@attune/base';
import { type Graph, type GraphNode, hashGraph, type ValueId } from '@attune/graph';
import {
  ALIGN_SCALAR,
  ALIGN_VECTOR,
  advance,
  encodeModule,
  get as getLocal,
  set as setLocal,
  simd,
  unsigned,
  v128,
  type WasmFunction,
  whileCounting,
} from './wasm-module.ts';
import { type WasmModule, webAssembly } from './web-assembly.ts';

/** An update as machine code. Lengths and places in memory are arguments, so equal updates share one. */
interface CompiledUpdate {
  readonly module: WasmModule;
  /** Names of the update's inputs and then outputs, in the order of the function's pointers. */
  readonly pointers: readonly string[];
}

/** Elements of one vector. */
const LANES = 4;
/** Vectors of one step of the loop: enough to keep divisions and square roots of several in flight. */
const UNROLLED = 4;
/** Elements of one step of the loop; tensors are padded to a multiple of it. */
export const STEP_ELEMENTS = LANES * UNROLLED;

const VECTOR_BYTES = LANES * 4;

/**
 * An element-wise graph as one loop: every tensor is read once, 16 bytes at a time, every output written once.
 * Each node is the same single float32 operation it would be elsewhere, so the bits are the same.
 *
 * The function is run(steps, pointer...): steps = ⌈elements / STEP_ELEMENTS⌉, one byte address for each input and output. An
 * output may have an input's address.
 */
export class UpdateCompiler {
  readonly #modules = new Map<string, WasmModule>();

  compile(graph: Graph): CompiledUpdate {
    const pointers = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
    const key = hashGraph(withoutLength(graph));
    const module = this.#modules.get(key) ?? new webAssembly.Module(encodeModule(functionOf(graph)));
    this.#modules.set(key, module);
    return { module, pointers };
  }
}

/** The graph with every tensor of two elements and ports numbered: what differs in length alone hashes alike. */
function withoutLength(graph: Graph): Graph {
  return {
    ...graph,
    values: graph.values.map((info) => ({ ...info, shape: sizeOf(info.shape) === 1 ? [] : [2] })),
    inputs: graph.inputs.map(({ value }, index) => ({ name: `${index}`, value })),
    outputs: graph.outputs.map(({ value }, index) => ({ name: `${index}`, value })),
  };
}

function functionOf(graph: Graph): WasmFunction {
  const scalar = (value: ValueId): boolean => sizeOf(graph.values[value]!.shape) === 1;
  const ports = [...graph.inputs, ...graph.outputs];
  const parameters = 1 + ports.length;
  const local = (value: ValueId): number => parameters + value;
  const get = (value: ValueId): number[] => getLocal(local(value));
  const set = (value: ValueId): number[] => setLocal(local(value));
  const pointer = (port: number): number[] => getLocal(1 + port);
  const isScalar = (port: number): boolean => scalar(ports[port]!.value);
  const compute = (node: GraphNode): number[] => [...arithmetic(node, get), ...set(node.outputs[0]!)];
  const loadScalar = (port: number): number[] => [
    ...pointer(port),
    ...[...simd.loadSplat, ALIGN_SCALAR, 0],
    ...set(ports[port]!.value),
  ];
  const load = (port: number, vector: number): number[] => [
    ...pointer(port),
    ...[...simd.load, ALIGN_VECTOR, ...unsigned(vector * VECTOR_BYTES)],
    ...set(ports[port]!.value),
  ];
  const store = (port: number, vector: number): number[] => [
    ...[...pointer(port), ...get(ports[port]!.value)],
    ...[...simd.store, ALIGN_VECTOR, ...unsigned(vector * VECTOR_BYTES)],
  ];
  const inputPorts = graph.inputs.map((_, port) => port);
  const outputPorts = graph.outputs.map((_, index) => graph.inputs.length + index);
  const vectors = inputPorts.filter((port) => !isScalar(port));
  const oneVector = (vector: number): number[] => [
    ...vectors.flatMap((port) => load(port, vector)),
    ...graph.nodes.filter(({ outputs }) => !scalar(outputs[0]!)).flatMap(compute),
    ...outputPorts.flatMap((port) => store(port, vector)),
  ];
  const body = [
    ...graph.constants.flatMap(({ value, data }) => [...splat(data[0]!), ...set(value)]),
    ...inputPorts.filter(isScalar).flatMap(loadScalar),
    ...graph.nodes.filter(({ outputs }) => scalar(outputs[0]!)).flatMap(compute),
    ...whileCounting(0, [
      ...Array.from({ length: UNROLLED }, (_, vector) => oneVector(vector)).flat(),
      ...[...vectors, ...outputPorts].flatMap((port) => advance(1 + port, UNROLLED * VECTOR_BYTES)),
      ...advance(0, -1),
    ]),
  ];
  return { parameters, locals: graph.values.map(() => v128), body };
}

/** All four lanes the same number. */
function splat(value: number): number[] {
  const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
  return [...simd.const, ...bytes];
}

function arithmetic(node: GraphNode, get: (value: ValueId) => number[]): number[] {
  const [a, b] = node.inputs;
  const unary = (code: readonly number[]): number[] => [...get(a!), ...code];
  const binary = (code: readonly number[]): number[] => [...get(a!), ...get(b!), ...code];
  switch (node.kernel) {
    case 'Add':
      return binary(simd.add);
    case 'Sub':
      return binary(simd.sub);
    case 'Multiply':
      return binary(simd.mul);
    case 'RealDiv':
      return binary(simd.div);
    case 'Neg':
      return unary(simd.neg);
    case 'Abs':
      return unary(simd.abs);
    case 'Sqrt':
      return unary(simd.sqrt);
    case 'Square':
      return [...get(a!), ...get(a!), ...simd.mul];
    case 'Reciprocal':
      return [...splat(1), ...get(a!), ...simd.div];
    case 'Rsqrt':
      return [...splat(1), ...get(a!), ...simd.sqrt, ...simd.div];
    case 'AddN':
      return node.inputs.flatMap((value, index) => [...get(value), ...(index === 0 ? [] : simd.add)]);
    default:
      throw new RangeError(`update: kernel ${node.kernel} has no instruction; splitUpdates must not move it`);
  }
}
