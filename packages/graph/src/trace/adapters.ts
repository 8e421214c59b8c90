import type { FusedKernel, KernelName } from '../kernels.ts';
import type { Adapter } from './adapter.ts';
import {
  addN,
  binary,
  cast,
  clipByValue,
  floorDiv,
  identity,
  plain,
  relu6,
  select,
  unary,
  withAlpha,
} from './elementwise-adapters.ts';
import { computed, fill, likeFill } from './fill-adapters.ts';
import { fusedBatchNorm, fusedMatMul } from './fused-adapters.ts';
import { batchMatMul, gatherV2, oneHot, scatterNd, unsortedSegmentSum } from './indexing-adapters.ts';
import {
  concat,
  expandDims,
  mirrorPad,
  pack,
  padV2,
  reshape,
  reverse,
  slice,
  splitV,
  stridedSlice,
  tile,
  transpose,
  unpack,
} from './moving-adapters.ts';
import { argReduction, reduction, scan, softmax, topK } from './reduction-adapters.ts';

/** Kernels of TensorFlow.js that are recorded as other kernels. */
type RewrittenKernel =
  | 'Identity'
  | 'Relu6'
  | '_FusedMatMul'
  | 'FusedBatchNorm'
  | 'ExpandDims'
  | 'Pack'
  | 'Unpack'
  | 'MirrorPad'
  | 'ZerosLike'
  | 'OnesLike'
  | 'Range'
  | 'LinSpace';

/** BroadcastTo comes from Tile, never from TensorFlow.js itself. */
type TracedKernel = Exclude<KernelName, 'BroadcastTo' | FusedKernel> | RewrittenKernel;

/** How each kernel of TensorFlow.js is recorded. A kernel without an adapter does not compile. */
export const adapters: { readonly [K in TracedKernel]: Adapter } = {
  Abs: unary('Abs'),
  Neg: unary('Neg'),
  Exp: unary('Exp'),
  Expm1: unary('Expm1'),
  Log: unary('Log'),
  Log1p: unary('Log1p'),
  Sqrt: unary('Sqrt'),
  Rsqrt: unary('Rsqrt'),
  Square: unary('Square'),
  Reciprocal: unary('Reciprocal'),
  Erf: unary('Erf'),
  Tanh: unary('Tanh'),
  Sigmoid: unary('Sigmoid'),
  Softplus: unary('Softplus'),
  Relu: unary('Relu'),
  Relu6: relu6,
  LeakyRelu: withAlpha('LeakyRelu'),
  Elu: unary('Elu'),
  Selu: unary('Selu'),
  EluGrad: plain('EluGrad', 'dy', 'y'),
  Step: withAlpha('Step'),
  Sign: unary('Sign'),
  Floor: unary('Floor'),
  Ceil: unary('Ceil'),
  Round: unary('Round'),
  Sin: unary('Sin'),
  Cos: unary('Cos'),
  Tan: unary('Tan'),
  Sinh: unary('Sinh'),
  Cosh: unary('Cosh'),
  Asin: unary('Asin'),
  Acos: unary('Acos'),
  Atan: unary('Atan'),
  Asinh: unary('Asinh'),
  Acosh: unary('Acosh'),
  Atanh: unary('Atanh'),
  IsNan: unary('IsNan'),
  IsInf: unary('IsInf'),
  IsFinite: unary('IsFinite'),
  LogicalNot: unary('LogicalNot'),
  ClipByValue: clipByValue,
  Cast: cast,
  Identity: identity,
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Multiply'),
  RealDiv: binary('RealDiv'),
  FloorDiv: floorDiv,
  Mod: binary('Mod'),
  Pow: binary('Pow'),
  Maximum: binary('Maximum'),
  Minimum: binary('Minimum'),
  SquaredDifference: binary('SquaredDifference'),
  Prelu: plain('Prelu', 'x', 'alpha'),
  Equal: binary('Equal'),
  NotEqual: binary('NotEqual'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterEqual'),
  Less: binary('Less'),
  LessEqual: binary('LessEqual'),
  LogicalAnd: binary('LogicalAnd'),
  LogicalOr: binary('LogicalOr'),
  Select: select,
  AddN: addN,
  Sum: reduction('Sum'),
  Mean: reduction('Mean'),
  Max: reduction('Max', 'reductionIndices'),
  Min: reduction('Min'),
  Prod: reduction('Prod'),
  Any: reduction('Any'),
  All: reduction('All'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
  TopK: topK,
  Softmax: softmax,
  Cumsum: scan('Cumsum'),
  Cumprod: scan('Cumprod'),
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  FusedBatchNorm: fusedBatchNorm,
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  SplitV: splitV,
  Slice: slice,
  StridedSlice: stridedSlice,
  PadV2: padV2,
  MirrorPad: mirrorPad,
  Tile: tile,
  Reverse: reverse,
  Fill: fill,
  ZerosLike: likeFill(0),
  OnesLike: likeFill(1),
  Range: computed('Range'),
  LinSpace: computed('LinSpace'),
  GatherV2: gatherV2,
  GatherNd: plain('GatherNd', 'params', 'indices'),
  ScatterNd: scatterNd,
  TensorScatterUpdate: plain('TensorScatterUpdate', 'tensor', 'indices', 'updates'),
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
};
