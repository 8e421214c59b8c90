import type { DType } from './dtype.ts';

type None = Readonly<Record<never, never>>;
interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
interface ScaledProduct {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
}

interface Scan {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/**
 * The kernels a graph may contain, by TensorFlow.js's names, with their normalised attributes. Kernels that are
 * other kernels in disguise (ExpandDims, Pack, ZerosLike, ...) are rewritten while tracing, see trace/adapters.
 */
export interface KernelAttributes {
  // Element-wise, one input.
  readonly Abs: None;
  readonly Neg: None;
  readonly Exp: None;
  readonly Expm1: None;
  readonly Log: None;
  readonly Log1p: None;
  readonly Sqrt: None;
  readonly Rsqrt: None;
  readonly Square: None;
  readonly Reciprocal: None;
  readonly Erf: None;
  readonly Tanh: None;
  readonly Sigmoid: None;
  readonly Softplus: None;
  readonly Relu: None;
  readonly LeakyRelu: { readonly alpha: number };
  readonly Elu: None;
  readonly Selu: None;
  readonly Step: { readonly alpha: number };
  readonly Sign: None;
  readonly Floor: None;
  readonly Ceil: None;
  readonly Round: None;
  readonly Sin: None;
  readonly Cos: None;
  readonly Tan: None;
  readonly Sinh: None;
  readonly Cosh: None;
  readonly Asin: None;
  readonly Acos: None;
  readonly Atan: None;
  readonly Asinh: None;
  readonly Acosh: None;
  readonly Atanh: None;
  readonly IsNan: None;
  readonly IsInf: None;
  readonly IsFinite: None;
  readonly LogicalNot: None;
  readonly ClipByValue: { readonly min: number; readonly max: number };
  readonly Cast: { readonly dtype: DType };
  // Element-wise with broadcasting.
  readonly Add: None;
  readonly Sub: None;
  readonly Multiply: None;
  readonly RealDiv: None;
  readonly FloorDiv: None;
  readonly Mod: None;
  readonly Pow: None;
  readonly Maximum: None;
  readonly Minimum: None;
  readonly SquaredDifference: None;
  readonly Prelu: None;
  readonly Equal: None;
  readonly NotEqual: None;
  readonly Greater: None;
  readonly GreaterEqual: None;
  readonly Less: None;
  readonly LessEqual: None;
  readonly LogicalAnd: None;
  readonly LogicalOr: None;
  readonly Select: None;
  // Same shapes, any number of inputs.
  readonly AddN: None;
  readonly EluGrad: None;
  // Reductions.
  readonly Sum: Reduction;
  readonly Mean: Reduction;
  readonly Max: Reduction;
  readonly Min: Reduction;
  readonly Prod: Reduction;
  readonly Any: Reduction;
  readonly All: Reduction;
  readonly ArgMax: { readonly axis: number };
  readonly ArgMin: { readonly axis: number };
  /** The k largest of the last axis, descending, and where they are. */
  readonly TopK: { readonly k: number };
  readonly Softmax: None;
  readonly Cumsum: Scan;
  readonly Cumprod: Scan;
  // Matrix product of the last two axes; leading axes broadcast.
  readonly BatchMatMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  // Moving data.
  readonly Reshape: { readonly shape: readonly number[] };
  readonly BroadcastTo: { readonly shape: readonly number[] };
  readonly Transpose: { readonly perm: readonly number[] };
  readonly Concat: { readonly axis: number };
  readonly SplitV: { readonly sizes: readonly number[]; readonly axis: number };
  readonly Slice: { readonly begin: readonly number[]; readonly size: readonly number[] };
  readonly StridedSlice: {
    readonly begin: readonly number[];
    readonly strides: readonly number[];
    readonly size: readonly number[];
  };
  readonly PadV2: { readonly paddings: readonly (readonly [number, number])[]; readonly value: number };
  readonly Tile: { readonly reps: readonly number[] };
  readonly Reverse: { readonly axes: readonly number[] };
  readonly Fill: { readonly shape: readonly number[]; readonly value: number; readonly dtype: DType };
  // Indexing.
  readonly GatherV2: { readonly axis: number; readonly batchDims: number };
  readonly GatherNd: None;
  readonly ScatterNd: { readonly shape: readonly number[] };
  readonly TensorScatterUpdate: None;
  readonly UnsortedSegmentSum: { readonly numSegments: number };
  readonly OneHot: {
    readonly depth: number;
    readonly onValue: number;
    readonly offValue: number;
    readonly dtype: DType;
  };
  // Fused, see FusedKernel.
  /** alpha · a b over the last two axes, as BatchMatMul. */
  readonly ScaledMatMul: ScaledProduct;
  /** alpha · a b + c for matrices; c broadcasts to the product. */
  readonly Gemm: ScaledProduct;
  /** x over its last axis: n = (x - mean) · s with s = 1 / √(variance + epsilon); outputs n and s. */
  readonly Normalize: { readonly epsilon: number };
  /** n · gamma + beta for the n of Normalize. */
  readonly LayerNorm: { readonly epsilon: number };
  /** x · ½ (1 + erf(x / √2)) */
  readonly Gelu: None;
}

/** Kernels that only passes put into a graph: what several of the others compute, in one ONNX operator. */
export type FusedKernel = 'ScaledMatMul' | 'Gemm' | 'Normalize' | 'LayerNorm' | 'Gelu';

export type KernelName = keyof KernelAttributes;
