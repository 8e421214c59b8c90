import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError } from '@attune/base';
import { displayPath, readText } from '@attune/base/node';
import {
  claimedKey,
  type ExperimentRecord,
  parseExperimentRecord,
  parseTrialRecord,
  type TrialRecord,
} from '@attune/records';

/** A record and the label of the arm that lists it: arms with the same configuration share a record. */
export type ArmRecord = TrialRecord & { readonly arm: string };

/** Everything a report is made of. */
export interface ExperimentResults {
  readonly experiment: ExperimentRecord;
  /** Records of the experiment's trials, in its order of trials. */
  readonly records: readonly ArmRecord[];
  /** Trials of the experiment without a record yet. */
  readonly notRun: number;
}

const SHOWN_PROBLEMS = 10;

/** A directory whose records cannot be used; the message names every file and every problem in it. */
export class RecordError extends ExplainedError {
  override name = 'RecordError';
}

/**
 * Reads `experiment.json` and `records/*.json` of a report directory and checks that they are what was written: their
 * forms, their hashes, the keys, the names of the files. A record of a trial that the experiment no longer lists (its
 * settings changed since) is left out, whatever is in it.
 *
 * @throws RecordError when the folder is no report, or any file was edited, cut short, renamed or replaced
 */
export async function readRecords(directory: string): Promise<ExperimentResults> {
  const problems: string[] = [];
  await checkIsReport(directory);
  const experiment = await readExperiment(path.join(directory, 'experiment.json'), problems);
  const folder = path.join(directory, 'records');
  const files = (await namesIn(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const byKey = new Map<string, TrialRecord>();
  const listed = new Map(experiment?.trials.map(({ key, hash }) => [key, hash]));
  for (const name of files) {
    const record = experiment && (await readRecord(path.join(folder, name), listed, problems));
    if (record !== undefined) byKey.set(record.key, record);
  }
  if (experiment === undefined || problems.length > 0) throw new RecordError(problemList(problems));
  return orderRecords(experiment, byKey);
}

function problemList(problems: readonly string[]): string {
  const rest = problems.length - SHOWN_PROBLEMS;
  return [
    ...problems.slice(0, SHOWN_PROBLEMS),
    ...(rest > 0 ? [`and ${rest} more`] : []),
    'Restore what was written (git restore <file>), or remove the file and run the experiment again: it does only the ' +
      'trials without a record.',
  ].join('\n');
}

/** Picks the experiment's trials out of records, in its order, and counts those without one. */
export function orderRecords(experiment: ExperimentRecord, byKey: ReadonlyMap<string, TrialRecord>): ExperimentResults {
  const records = experiment.trials.flatMap(({ key, arm }) => {
    const record = byKey.get(key);
    return record === undefined ? [] : [{ ...record, arm }];
  });
  return { experiment, records, notRun: experiment.trials.length - records.length };
}

async function readExperiment(file: string, problems: string[]): Promise<ExperimentRecord | undefined> {
  try {
    const read = parseExperimentRecord(await readText(file));
    if ('value' in read) return read.value;
    problems.push(...read.problems.map((problem) => `${file}: ${problem}`));
  } catch (error) {
    problems.push(`${file}: cannot be read: ${(error as Error).message}`);
  }
  return undefined;
}

/** @throws RecordError for a folder that no run wrote, naming the reports that lie in it or around it */
async function checkIsReport(directory: string): Promise<void> {
  const entries = await entriesOf(directory);
  if (Array.isArray(entries) && entries.includes('experiment.json')) return;
  const isOneInPart = Array.isArray(entries) && entries.includes('records');
  const found = Array.isArray(entries) ? 'it has no experiment.json' : entries;
  const advice = isOneInPart
    ? 'restore that (git restore <file>) or run the experiment again'
    : await reportsNear(directory);
  throw new RecordError(`${displayPath(directory)}: expected a folder that "attune run" wrote, ${found}; ${advice}`);
}

/** Says which reports lie in a folder or around it. */
async function reportsNear(directory: string): Promise<string> {
  const inside = [...(await reportsIn(directory)), ...(await reportsIn(path.join(directory, 'reports')))];
  const reports = inside.length > 0 ? inside : await reportsIn(path.dirname(directory));
  if (reports.length === 0) return 'run an experiment first';
  const rest = reports.length - SHOWN_PROBLEMS;
  return `reports near it: ${reports.slice(0, SHOWN_PROBLEMS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Folders in a folder that have an experiment.json. */
async function reportsIn(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  if (!Array.isArray(entries)) return [];
  const inside = await Promise.all(entries.map((name) => entriesOf(path.join(folder, name))));
  return entries
    .filter((_, index) => Array.isArray(inside[index]) && inside[index].includes('experiment.json'))
    .map((name) => displayPath(path.join(folder, name)));
}

/** The names in a folder, or why there are none. */
async function entriesOf(folder: string): Promise<string[] | string> {
  return readdir(folder).then(
    (names) => names.sort(),
    ({ code }: NodeJS.ErrnoException) =>
      code === 'ENOENT'
        ? 'there is no such folder'
        : code === 'ENOTDIR'
          ? 'it is a file'
          : `it cannot be read (${code})`,
  );
}

/** The record of a listed trial; undefined for that of another one, and, with the problems noted, for an unusable one. */
async function readRecord(
  file: string,
  listed: ReadonlyMap<string, string | null>,
  problems: string[],
): Promise<TrialRecord | undefined> {
  const text = await readText(file).catch((error: Error) => {
    problems.push(`${file}: cannot be read: ${error.message}`);
  });
  if (text === undefined) return undefined;
  const key = claimedKey(text);
  if (key !== undefined && !listed.has(key)) return undefined;
  const read = parseTrialRecord(text, path.basename(file));
  if ('problems' in read) {
    problems.push(...read.problems.map((problem) => `${file}: ${problem}`));
    return undefined;
  }
  const hash = listed.get(read.value.key) ?? null;
  if (hash === null || hash === read.value.hash) return read.value;
  problems.push(`${file}: it is not the record that experiment.json lists: one of the two was replaced`);
  return undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
