import type { Graph, GraphNode, NodeOf, ValueId } from '../graph.ts';
import type { KernelName } from '../kernels.ts';

/**
 * What a value depends on. 'fixed': frozen parameters and constants alone. 'example': also the batch, but separably:
 * cut into as many equal blocks as there are examples, in row-major order, block e depends on example e alone.
 * 'other': anything else.
 */
export type Dependence = 'fixed' | 'example' | 'other';

/** One node with what is known of its inputs. */
export interface Question {
  readonly graph: Graph;
  readonly node: GraphNode;
  readonly dependences: readonly Dependence[];
  readonly numExamples: number;
}

/** Whether the first output is separable; at least one input is 'example' and none is 'other'. */
type Rule<K extends KernelName> = (question: Question, node: NodeOf<K>) => boolean;

const shapeOf = ({ graph }: Question, value: ValueId): readonly number[] => graph.values[value]!.shape;
const outputShape = (question: Question): readonly number[] => shapeOf(question, question.node.outputs[0]!);

/** Examples lie along the output's first axis, whole ones only. */
function holdsExamples(shape: readonly number[], { numExamples }: Question): boolean {
  return (shape[0] ?? 0) >= numExamples && shape[0]! % numExamples === 0;
}

/** Each element of the output reads the elements at its own place along the first axis. */
const aligned: Rule<KernelName> = (question) => {
  const shape = outputShape(question);
  if (!holdsExamples(shape, question)) return false;
  return question.node.inputs.every((value, index) => {
    const given = shapeOf(question, value);
    const alongFirst = given.length === shape.length && given[0] === shape[0];
    // What does not change along the first axis is the same for all examples.
    return question.dependences[index] === 'example' ? alongFirst : given.length < shape.length || given[0] === 1;
  });
};

/** Blocks stay where they are in row-major order. */
const reshaped: Rule<'Reshape'> = (question) => holdsExamples(outputShape(question), question);

const alongOtherAxes: Rule<'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'Any' | 'All'> = (question, { attributes }) =>
  !attributes.axes.includes(0) && holdsExamples(outputShape(question), question);

const alongOtherAxis: Rule<'ArgMax' | 'ArgMin' | 'Cumsum' | 'Cumprod' | 'SplitV'> = (question, { attributes }) =>
  attributes.axis !== 0 && holdsExamples(outputShape(question), question);

const concatenated: Rule<'Concat'> = (question, { attributes }) =>
  attributes.axis !== 0 && question.dependences.every((dependence) => dependence === 'example');

/** Rows of a against fixed columns; or matrices of one example against each other's or fixed ones. */
const product: Rule<'BatchMatMul'> = (question, { inputs, attributes }) => {
  const shape = outputShape(question);
  if (shape.length > 2) return aligned(question, question.node as never);
  const [left, right] = question.dependences;
  return (
    left === 'example' &&
    right === 'fixed' &&
    !attributes.transposeA &&
    holdsExamples(shapeOf(question, inputs[0]!), question)
  );
};

/** Rows of a fixed table by the examples' indices, or fixed places of each example. */
const gathered: Rule<'GatherV2'> = (question, { attributes }) => {
  const [x, indices] = question.dependences;
  if (!holdsExamples(outputShape(question), question)) return false;
  if (x === 'fixed') return attributes.axis === 0 && attributes.batchDims === 0;
  return attributes.batchDims > 0 ? indices === 'example' : indices === 'fixed' && attributes.axis > 0;
};

const wholeFirstAxis: Rule<'Slice'> = (question, { inputs, attributes }) =>
  attributes.begin[0] === 0 && attributes.size[0] === shapeOf(question, inputs[0]!)[0];

const elementwise = [
  ...(['Abs', 'Neg', 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Square', 'Reciprocal', 'Erf', 'Tanh'] as const),
  ...(['Sigmoid', 'Softplus', 'Relu', 'LeakyRelu', 'Elu', 'Step', 'Sign', 'Floor', 'Ceil', 'Round', 'Sin'] as const),
  ...(['Cos', 'IsNan', 'IsInf', 'IsFinite', 'LogicalNot', 'ClipByValue', 'Cast', 'Add', 'Sub', 'Multiply'] as const),
  ...(['RealDiv', 'FloorDiv', 'Mod', 'Pow', 'Maximum', 'Minimum', 'SquaredDifference', 'Equal', 'NotEqual'] as const),
  ...(['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'Select', 'AddN'] as const),
  ...(['BroadcastTo'] as const),
];

/** Kernels without a rule are never separable, which costs speed and no correctness. */
const rules: { readonly [K in KernelName]?: Rule<K> } = {
  ...Object.fromEntries(elementwise.map((kernel) => [kernel, aligned])),
  Reshape: reshaped,
  Sum: alongOtherAxes,
  Mean: alongOtherAxes,
  Max: alongOtherAxes,
  Min: alongOtherAxes,
  Prod: alongOtherAxes,
  Any: alongOtherAxes,
  All: alongOtherAxes,
  ArgMax: alongOtherAxis,
  ArgMin: alongOtherAxis,
  Cumsum: alongOtherAxis,
  Cumprod: alongOtherAxis,
  SplitV: alongOtherAxis,
  Softmax: (question) => outputShape(question).length > 1 && holdsExamples(outputShape(question), question),
  Concat: concatenated,
  BatchMatMul: product,
  GatherV2: gathered,
  Slice: wholeFirstAxis,
  Transpose: (_question, { attributes }) => attributes.perm[0] === 0,
  PadV2: (_question, { attributes }) => attributes.paddings[0]?.every((padding) => padding === 0) ?? false,
  Tile: (_question, { attributes }) => attributes.reps[0] === 1,
  Reverse: (_question, { attributes }) => !attributes.axes.includes(0),
  OneHot: (question) => outputShape(question).length > 1,
};

/** What a node's outputs depend on. */
export function dependenceOf(question: Question): Dependence {
  const { node, dependences } = question;
  if (dependences.includes('other')) return 'other';
  if (!dependences.includes('example')) return 'fixed';
  const rule = rules[node.kernel] as Rule<KernelName> | undefined;
  return rule?.(question, node as unknown as NodeOf<KernelName>) ? 'example' : 'other';
}
