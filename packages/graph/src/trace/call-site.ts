const OWN_FRAMES = /node_modules|node:|packages\/graph\/src\/(?!.*\.test\.ts)/;

/** Where outside TensorFlow.js and the tracer a kernel call came from, as "folder/file.ts", or nothing. */
export function callSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const frame = frames.find((line) => /\.[cm]?[jt]s:\d+/.test(line) && !OWN_FRAMES.test(line));
  const file = frame?.match(/([^/\\( ]+[/\\])?([^/\\( ]+\.[cm]?[jt]s):\d+/);
  return file ? ` (reached from ${file[1] ?? ''}${file[2]})` : '';
}
