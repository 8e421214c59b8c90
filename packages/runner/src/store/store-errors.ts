import { ConfigError } from '@attune/base';
import { displayPath, unwritable } from '@attune/base/node';
import type { Trial } from '../trial/expand-trials.ts';

const shownProblems = 10;

/** Files that are not what was written, and what to do: the command's options run such a trial again. */
export function problemText(problems: readonly string[], damaged: Pick<Trial, 'config' | 'arm'> | undefined): string {
  const more = problems.length - shownProblems;
  const { config, arm } = damaged ?? {};
  const options =
    config === undefined
      ? ''
      : `, as in: --tasks ${config.task.name} --methods ${arm} --models ${config.model.name} --seeds ${config.seed} --fresh`;
  return [
    ...problems.slice(0, shownProblems),
    ...(more > 0 ? [`and ${more} more`] : []),
    'Restore what was written (git restore <file>), remove what is no record, or run such a trial again with --fresh' +
      `${options}.`,
  ].join('\n');
}

/** A list that is not what was written. */
export function unusableList(file: string, problems: readonly string[]): ConfigError {
  const lines = problems.map((problem) => `${displayPath(file)}: ${problem}`).join('\n');
  return new ConfigError(
    `${lines}\nRestore what was written (git restore ${displayPath(file)}), or delete the file and run the whole ` +
      'experiment again: it is made anew from the records.',
  );
}

/** A list that another experiment's process wrote while this one ran. */
export function otherExperiment(file: string, found: string, own: string): ConfigError {
  return new ConfigError(
    `${displayPath(file)}: expected the list of "${own}", found that of "${found}", which another process wrote while ` +
      'this run went on; the records are kept: run the same command again, with another --out',
  );
}

/** A file or folder that cannot be written, and why. */
export function notWritten(path: string, error: unknown): ConfigError {
  const { reason, advice } = unwritable(error);
  const withOption = advice.replace('choose another', 'choose another with --out');
  return new ConfigError(
    `${displayPath(path)}: cannot be written: ${reason}; finished records are untouched; ${withOption} and run the same ` +
      'command again',
  );
}
