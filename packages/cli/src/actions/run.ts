import { join, resolve } from 'node:path';
import {
  barProgress,
  displayPath,
  downloadProgress,
  type Hoisting,
  lineProgress,
  loadExperiment,
  type NarrowingOptions,
  type RunOutcome,
  runExperiment,
} from '@attune/runner';
import { catalog, catalogUrl, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { writeAndShowReport } from './report.ts';
import { reproduceCommand } from './reproduce-command.ts';
import type { RunFlags } from './run-flags.ts';

export async function run(file: string, flags: RunFlags): Promise<number> {
  const {
    out,
    workers,
    threads,
    fresh,
    rewrite,
    saveWeights,
    hoist,
    hoistMemory,
    hoistDirectory,
    offline,
    ...options
  } = flags;
  const experiment = await loadExperiment({ file, options }, catalog, downloadProgress(process.stderr));
  const output = out === undefined ? join(repository, 'reports', experiment.name) : resolve(out);
  const commandFor = (parts: NarrowingOptions) => reproduceCommand(file, { ...flags, ...parts });
  // Statistics and figures take a second to load: beside the trials, not after them. A failure shows where they are used.
  void import('@attune/report').catch(() => undefined);
  const outcome = await untilInterrupted((signal) =>
    runExperiment({
      experiment,
      source: { file: resolve(file), options },
      catalog,
      catalogUrl,
      repository,
      output,
      commandFor,
      ...(workers === undefined ? {} : { workers }),
      ...(threads === undefined ? {} : { threads }),
      hoisting: hoistingOf(flags),
      fresh: fresh ?? false,
      rewrite: rewrite ?? false,
      saveWeights: saveWeights ?? false,
      progress: process.stdout.isTTY ? barProgress(process.stdout) : lineProgress((line) => console.log(line)),
      signal,
    }),
  );
  if (outcome.interrupted) {
    console.log(`Stopped; ${outcome.recorded} of ${outcome.total} trials are recorded in ${displayPath(output)}.`);
    console.log(`To go on, run the same command again:\n  ${commandFor(options)}`);
    return exitCodes.interrupted;
  }
  if (outcome.takenOver > 0) console.log(takenOverText(outcome));
  await writeAndShowReport(output);
  return outcome.failed > 0 ? exitCodes.trialsFailed : exitCodes.ok;
}

function takenOverText({ takenOver, ofOtherProcessor }: RunOutcome): string {
  const [records, they] = takenOver === 1 ? ['record', 'it says'] : ['records', 'they say'];
  const text = `${takenOver} ${records} taken over: the present code computes what ${they}.`;
  if (ofOtherProcessor === 0) return text;
  return `${text} ${ofOtherProcessor} from another kind of processor, whose first steps agree within rounding.`;
}

function hoistingOf({ hoist, hoistMemory, hoistDirectory }: RunFlags): Hoisting | false {
  if (hoist === false) return false;
  return {
    ...(hoistMemory === undefined ? {} : { memoryBytes: hoistMemory }),
    ...(hoistDirectory === undefined ? {} : { directory: resolve(hoistDirectory) }),
  };
}
