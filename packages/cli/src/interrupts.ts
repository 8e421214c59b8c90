import { exitCodes } from './exit-codes.ts';

/**
 * Runs something that the first Ctrl-C (or SIGTERM) aborts; the second ends the process at once. Records are written
 * atomically, so neither leaves a partial one.
 */
export async function untilInterrupted<Value>(run: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('\nStopping; press Ctrl-C again to stop at once.\n');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await run(controller.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
