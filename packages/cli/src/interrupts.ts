import { exitCodes } from './exit-codes.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

let stopAtOnce: (() => void) | undefined;

/** Says what listens to SIGINT and SIGTERM while nothing runs that wants to end in order. */
export function setIdleListener(listener: () => void): void {
  stopAtOnce = listener;
}

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
  const idle = stopAtOnce;
  for (const signal of signals) {
    process.on(signal, onSignal);
    if (idle !== undefined) process.off(signal, idle);
  }
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of signals) {
      if (idle !== undefined) process.on(signal, idle);
      process.off(signal, onSignal);
    }
  }
}
