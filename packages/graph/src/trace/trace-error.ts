import { TraceError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';

const OWN_FRAMES = /node_modules|node:|packages\/graph\/src\/(?!.*\.test\.ts)/;
/** TensorFlow.js opens a scope of this name's end for each op. */
const OP_SCOPE = '__op';
const DEEPEST_FRAME = 60;

/** Who asked for a kernel, as ' (op "topk", reached from folder/file.ts)': what is known of it. */
export function callSite(): string {
  const [op] = openOps();
  const file = callingFile();
  const parts = [op === undefined ? '' : `op "${op}"`, file === undefined ? '' : `reached from ${file}`].filter(
    Boolean,
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Ops of TensorFlow.js that are running, the one that was called first first. */
function openOps(): string[] {
  const scopes = tf.engine().state.scopeStack.map(({ name }) => name);
  return scopes.filter((name) => name.endsWith(OP_SCOPE)).map((name) => name.slice(0, -OP_SCOPE.length));
}

/** Frames of the call, innermost first. */
function stackFrames(): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEPEST_FRAME;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  return frames;
}

/** The file outside TensorFlow.js and the tracer that a call came from, with its folder. */
function callingFile(): string | undefined {
  const frame = stackFrames().find((line) => /\.[cm]?[jt]s:\d+/.test(line) && !OWN_FRAMES.test(line));
  const file = frame?.match(/([^/\\( ]+[/\\])?([^/\\( ]+\.[cm]?[jt]s):\d+/);
  return file ? `${file[1] ?? ''}${file[2]}` : undefined;
}

/** Kernels of which no shape is known before they have run. */
const DATA_DEPENDENT: ReadonlySet<string> = new Set([
  'Unique',
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'SparseFillEmptyRows',
  'SparseReshape',
  'SparseSegmentMean',
  'SparseSegmentSum',
  'RaggedGather',
  'RaggedRange',
  'RaggedTensorToTensor',
]);
/** Ops that read a tensor for the same reason; they are no kernels, only their names in the call tell. */
const DATA_DEPENDENT_OP = /\b(whereAsync|booleanMaskAsync|setdiff1dAsync|nonMaxSuppression\w*Async)_/;
const RANDOM_OP = /^(dropout|multinomial|rand|random\w+|truncatedNormal)$/;

const FIXED_SHAPES =
  'the shapes of a step are fixed when it is recorded; keep the full shape and choose by a mask (tf.where), ' +
  'or compute it outside the step';

/** Refuses a kernel that cannot be recorded. @throws TraceError naming it and who asked for it */
export function refuseKernel(kernel: string): never {
  refuseRandom();
  if (DATA_DEPENDENT.has(kernel)) {
    throw new TraceError(
      `trace: kernel "${kernel}" has a result whose shape depends on values${callSite()}; ${FIXED_SHAPES}`,
    );
  }
  throw new TraceError(
    `trace: kernel "${kernel}" has no rule${callSite()}; compute it outside the step, or add a rule for it`,
  );
}

/** Refuses to give a tensor's value, asked for while there is none. @throws TraceError naming who asked */
export function refuseRead(): never {
  const op = stackFrames()
    .findLast((frame) => DATA_DEPENDENT_OP.test(frame))
    ?.match(DATA_DEPENDENT_OP)?.[1];
  if (op !== undefined) {
    throw new TraceError(`trace: op "${op}" has a result whose shape depends on values${callSite()}; ${FIXED_SHAPES}`);
  }
  throw new TraceError(
    `trace: a tensor's value was read${callSite()}; a step is recorded before any value exists; ` +
      'return the tensor as an output, or compute the value outside the step',
  );
}

/** Refuses numbers drawn while recording: they would be constants, the same in every run. @throws TraceError */
export function refuseRandom(): void {
  if (openOps().some((op) => RANDOM_OP.test(op))) {
    throw new TraceError(
      `trace: random numbers were drawn${callSite()}; they would be the same in every run; ` +
        'give them to the step as an input',
    );
  }
}
