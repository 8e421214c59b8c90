import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';

/** Errors whose message says where, what was expected, what was given and what would work. */
const explained = new Set([
  ...['ConfigError', 'DatasetError', 'ShapeError', 'TraceError', 'ResourceError', 'RecordError', 'ReportError'],
]);

/** Tells a person what went wrong, a stack trace only where it is not theirs to mend. Returns the exit code. */
export function printError(error: unknown, write: (text: string) => void): number {
  // Commander has printed its own message (or the help that was asked for) already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  if (error instanceof Error && explained.has(error.name)) {
    write(`${error.message}\n`);
    return exitCodes.badInput;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  write(`${stack}\nThis is an error in attune itself; please report it with the lines above.\n`);
  return exitCodes.unexpected;
}
