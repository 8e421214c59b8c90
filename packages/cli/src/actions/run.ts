import { join, relative, resolve } from 'node:path';
import { shellWord } from '@attune/base';
import { displayPath } from '@attune/base/node';
import {
  barProgress,
  downloadProgress,
  type Hoisting,
  lineProgress,
  loadExperiment,
  type NarrowingOptions,
  type RunOptions,
  type RunOutcome,
  runExperiment,
} from '@attune/runner/node';
import { catalog, catalogUrl, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { say } from '../say.ts';
import { writeAndShowReport } from './report.ts';

/** What `attune run` takes beside the experiment: what narrows it, and how and where to run it. */
export interface RunFlags extends RunOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly fresh?: boolean;
  /** Comes with `fresh`: replaces records also by equal ones. */
  readonly rewrite?: boolean;
  readonly saveWeights?: boolean;
  /** False: compute anew what could be kept. */
  readonly hoist?: boolean;
  readonly hoistMemory?: number;
  readonly hoistDirectory?: string;
  readonly offline?: boolean;
}

/**
 * The command that gives the same report again, paths relative to the working directory. Workers and
 * threads are left out, and where hoisting keeps its values: they do not change a result.
 */
export function reproduceCommand(file: string, flags: RunFlags): string {
  const options: [string, string | undefined][] = [
    ['--data', flags.data === undefined ? undefined : path(flags.data)],
    ['--out', flags.out === undefined ? undefined : path(flags.out)],
    ['--tasks', flags.tasks?.join(',')],
    ['--methods', flags.methods?.join(',')],
    ['--models', flags.models?.join(',')],
    ['--seeds', flags.seeds?.join(',')],
    ['--engine', flags.engine],
    ['--device', flags.device],
    ['--max-steps', flags.maxSteps?.toString()],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, shellWord(value)]));
  return ['npx attune run', shellWord(path(file)), ...given].join(' ');
}

const path = (given: string) => relative('', given) || '.';

/** What a command of `reproduceCommand` runs: the experiment's file, and the options that decide its trials. */
interface ReproducedRun extends RunOptions {
  readonly file: string;
}

/** Reads `reproduceCommand`'s text back; undefined when it is not one. Paths are as they stand in it. */
export function parseReproduceCommand(command: string): ReproducedRun | undefined {
  const words = [...command.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(')/g, '$1$2'),
  );
  const [npx, attune, run, file, ...options] = words;
  if (npx !== 'npx' || attune !== 'attune' || run !== 'run' || file === undefined) return undefined;
  const read = <Value>(name: string, parse: (text: string) => Value): Record<string, Value> => {
    const place = options.indexOf(`--${name}`);
    const key = name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());
    return place < 0 ? {} : { [key]: parse(options[place + 1] ?? '') };
  };
  const text = (given: string) => given;
  const names = (given: string) => given.split(',');
  return {
    file,
    ...read('data', text),
    ...{ ...read('tasks', names), ...read('methods', names), ...read('models', names) },
    ...read('seeds', (given) => names(given).map(Number)),
    ...{ ...read('engine', text), ...read('device', text) },
    ...read('max-steps', Number),
  };
}

/**
 * Runs an experiment's trials, writes its report and prints the table of scores.
 *
 * @param file  the experiment: a .ts, .js or .json file
 * @returns     an exit code
 * @throws ConfigError with everything that is wrong with the experiment
 */
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
      progress: process.stdout.isTTY ? barProgress(process.stdout) : lineProgress(say),
      signal,
    }),
  );
  if (outcome.interrupted) {
    say(`Stopped; ${outcome.recorded} of ${outcome.total} trials are recorded in ${displayPath(output)}.`);
    say(`To go on, run the same command again:\n  ${commandFor(options)}`);
    return exitCodes.interrupted;
  }
  if (outcome.takenOver > 0) say(takenOverText(outcome));
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
