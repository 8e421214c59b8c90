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
export function openOps(): string[] {
  const scopes = tf.engine().state.scopeStack.map(({ name }) => name);
  return scopes.filter((name) => name.endsWith(OP_SCOPE)).map((name) => name.slice(0, -OP_SCOPE.length));
}

/** Frames of the call, innermost first. */
export function stackFrames(): string[] {
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
