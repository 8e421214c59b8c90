import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { parseExperimentRecord } from '@attune/records';
import {
  barProgress,
  downloadProgress,
  lineProgress,
  loadExperiment,
  type RunOptions,
  type Verified,
  verifyExperiment,
} from '@attune/runner/node';
import { catalog, catalogUrl, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { say } from '../say.ts';
import { parseReproduceCommand } from './run.ts';

/** Flags of `attune verify`. */
export interface VerifyFlags {
  readonly prove?: boolean;
  readonly write?: boolean;
  readonly data?: string;
  readonly experiment?: string;
  readonly out?: string;
  readonly workers?: number;
  readonly threads?: number;
}

/**
 * Checks an experiment's records, or proves them, and prints what came of it.
 *
 * @param given  the folder of a report, or an experiment's file
 * @returns      an exit code
 * @throws ConfigError where there is no report
 */
export async function verify(given: string, flags: VerifyFlags): Promise<number> {
  const isFolder = existsSync(given) && statSync(given).isDirectory();
  const source = isFolder ? await sourceOf(resolve(given), flags) : { file: resolve(given), options: optionsOf(flags) };
  const experiment = await loadExperiment(source, catalog, downloadProgress(process.stderr));
  const output = isFolder ? resolve(given) : resolve(flags.out ?? join(repository, 'reports', experiment.name));
  if (!existsSync(join(output, 'experiment.json'))) throw noReport(output);
  const { prove = false, write = false, workers, threads } = flags;
  const verified = await untilInterrupted((signal) =>
    verifyExperiment({
      ...{ experiment, source, catalog, catalogUrl, repository, output, prove, write, workers, threads, signal },
      progress: process.stdout.isTTY ? barProgress(process.stdout) : lineProgress(say),
    }),
  );
  for (const line of outcomeLines(verified, { prove, write, output })) say(line);
  if (verified.interrupted) return exitCodes.interrupted;
  return verified.problems.length > 0 ? exitCodes.trialsFailed : exitCodes.ok;
}

function outcomeLines(
  verified: Verified,
  call: { readonly prove: boolean; readonly write: boolean; readonly output: string },
) {
  const { records, absent, proved, problems, ofOtherProcessor, attested, interrupted } = verified;
  const where = displayPath(call.output);
  const rest = absent === 0 ? '' : ` ${absent} of its trials have no record.`;
  if (!call.prove) return [`${where}: all ${records} records are what was written.${rest}`];
  return [
    ...problems,
    `${where}: ${proved} of ${records} records are what the present code computes.${rest}`,
    ...(ofOtherProcessor === 0
      ? []
      : [`${ofOtherProcessor} of them come from another kind of processor; their first steps agree within rounding.`]),
    ...(attested === undefined ? [] : [`Written: ${displayPath(attested)}`]),
    ...(call.write && attested === undefined ? ['proved.json was not written: not all records are proved.'] : []),
    ...(interrupted ? ['Stopped; what was proved is kept, so the same command goes on.'] : []),
  ];
}

/** The experiment that made a report, by the command in its experiment.json, unless the flags say otherwise. */
async function sourceOf(output: string, flags: VerifyFlags) {
  const file = join(output, 'experiment.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw noReport(output);
  });
  const read = parseExperimentRecord(text);
  if (!('value' in read)) throw new ConfigError(`${displayPath(file)}: ${read.problems.join('; ')}`);
  const run = parseReproduceCommand(read.value.command);
  const named = flags.experiment ?? run?.file;
  if (named === undefined) {
    throw new ConfigError(
      `${displayPath(file)}: expected the command that made it, got "${read.value.command}"; pass --experiment <file>`,
    );
  }
  const { file: _, data, ...rest } = run ?? { file: named };
  const options = { ...rest, ...(data === undefined ? {} : { data: found(data) }), ...optionsOf(flags) };
  return { file: flags.experiment === undefined ? found(named) : resolve(named), options };
}

function noReport(output: string): ConfigError {
  const file = displayPath(join(output, 'experiment.json'));
  return new ConfigError(`${file}: expected the description of a report, found no such file; run the experiment first`);
}

function optionsOf({ data }: VerifyFlags): RunOptions {
  return data === undefined ? {} : { data: resolve(data) };
}

/** Commands name paths from where they were given: the repository's own from its root. */
function found(path: string): string {
  const here = resolve(path);
  return existsSync(here) ? here : resolve(repository, path);
}
