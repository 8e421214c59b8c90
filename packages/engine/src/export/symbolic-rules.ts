import {
  isFixed,
  type KernelAttributes,
  type KernelName,
  type Size,
  type Symbolic,
  type SymbolicValueInfo,
} from '@attune/graph';
import { arrayOf } from '../onnx/model-builder.ts';
import { castTo } from '../onnx/rules/lowering-rule.ts';
import type { PortableBuilder } from './portable-builder.ts';
import type { SizeValues } from './size-values.ts';

/** One node of a graph with open sizes on its way to ONNX; see `LoweringCall`. */
export interface SymbolicCall<K extends KernelName> {
  readonly builder: PortableBuilder;
  readonly sizes: SizeValues;
  readonly inputs: readonly string[];
  readonly infos: readonly SymbolicValueInfo[];
  readonly attributes: Symbolic<KernelAttributes[K]>;
}

export type SymbolicRule<K extends KernelName> = (call: SymbolicCall<K>) => readonly string[];

/** A target with at most one open size says "whatever is left" there; with more it is computed. */
const reshape: SymbolicRule<'Reshape'> = ({ builder, sizes, inputs, attributes: { shape } }) => {
  const isImplied = shape.filter((size) => !isFixed(size)).length === 1 && !shape.includes(0);
  const target = isImplied ? builder.ints(shape.map((size) => (isFixed(size) ? size : -1))) : sizes.list(shape);
  return [builder.node('Reshape', [inputs[0]!, target], { attributes: { allowzero: 1 } })];
};

const broadcastTo: SymbolicRule<'BroadcastTo'> = ({ builder, sizes, inputs, attributes }) => [
  builder.node('Expand', [inputs[0]!, sizes.list(attributes.shape)]),
];

/** Value and shape may both follow from the sizes. */
const fill: SymbolicRule<'Fill'> = ({ builder, sizes, attributes: { shape, value, dtype } }) => {
  const one = isFixed(value)
    ? builder.tensor({ type: dtype, shape: [1], data: arrayOf(dtype, [value]) })
    : castTo(builder, sizes.one(value), dtype);
  return [
    builder.node(shape.length === 0 ? 'Squeeze' : 'Expand', shape.length === 0 ? [one] : [one, sizes.list(shape)]),
  ];
};

/** Axes that are kept whole are left out. */
const slice: SymbolicRule<'Slice'> = ({ builder, sizes, inputs, infos, attributes: { begin, size } }) => {
  const axes = [...begin.keys()].filter((axis) => String(size[axis]) !== String(infos[0]!.shape[axis]));
  const [begins, lengths] = [begin, size].map((list) => axes.map((axis) => list[axis]!)) as [Size[], Size[]];
  const ends =
    begins.every(isFixed) && lengths.every(isFixed)
      ? builder.ints(begins.map((first, index) => first + (lengths[index] as number)))
      : builder.node('Add', [sizes.list(begins), sizes.list(lengths)]);
  return [builder.node('Slice', [inputs[0]!, sizes.list(begins), ends, builder.ints(axes)])];
};

/** Gemm transposes matrices as it reads them; stacks of matrices are transposed first, where a runtime may fuse it. */
const batchMatMul: SymbolicRule<'BatchMatMul'> = ({ builder, inputs, infos, attributes }) => {
  const { transposeA, transposeB } = attributes;
  const [a, b] = [inputs[0]!, inputs[1]!];
  if (!transposeA && !transposeB) return [builder.node('MatMul', [a, b])];
  if (infos.every(({ shape }) => shape.length === 2)) {
    return [builder.node('Gemm', [a, b], { attributes: { transA: transposeA, transB: transposeB } })];
  }
  const turned = (name: string, index: number) => {
    const axes = [...infos[index]!.shape.keys()];
    const perm = [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
    return builder.node('Transpose', [name], { attributes: { perm } });
  };
  return [builder.node('MatMul', [transposeA ? turned(a, 0) : a, transposeB ? turned(b, 1) : b])];
};

/**
 * Kernels with a rule of their own here: those whose sizes may be open, and those that the engine lowers to operators
 * of ONNX Runtime alone. Any other kernel is lowered by the engine's rule.
 */
export const symbolicRules: { readonly [K in KernelName]?: SymbolicRule<K> } = {
  Reshape: reshape,
  BroadcastTo: broadcastTo,
  Fill: fill,
  Slice: slice,
  BatchMatMul: batchMatMul,
};
