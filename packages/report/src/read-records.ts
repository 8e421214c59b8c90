import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
// The light entry: a report loads no TensorFlow.js.
import { checkWith, type Schema } from '@attune/core/schema-issues';
import { type ExperimentRecord, experimentRecordSchema, type TrialRecord, trialRecordSchema } from '@attune/records';

/** Everything a report is made of. */
export interface ExperimentResults {
  readonly experiment: ExperimentRecord;
  /** Records of the experiment's trials, in its order of trials. */
  readonly records: readonly TrialRecord[];
  /** Trials of the experiment without a record yet. */
  readonly notRun: number;
}

const SHOWN_PROBLEMS = 10;
const HASH = /^[0-9a-f]{64}$/;

/** A directory whose records cannot be used; the message names every file and every problem in it. */
export class RecordError extends Error {
  override name = 'RecordError';
}

/**
 * Reads `experiment.json` and `records/*.json` of a report directory. A record of a trial that the experiment no
 * longer lists (its settings or the code changed since) is left out, whatever is in it.
 *
 * @throws RecordError when experiment.json is missing, or any file is not JSON or does not fit its schema
 */
export async function readRecords(directory: string): Promise<ExperimentResults> {
  const problems: string[] = [];
  const experimentFile = path.join(directory, 'experiment.json');
  const experiment = check(experimentFile, await readJson(experimentFile, problems), experimentRecordSchema, problems);
  const folder = path.join(directory, 'records');
  const files = (await namesIn(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const byKey = new Map<string, TrialRecord>();
  for (const name of files) {
    const file = path.join(folder, name);
    const value = await readJson(file, problems);
    if (experiment === undefined || isOtherTrial(value, experiment)) continue;
    const record = check(file, value, trialRecordSchema, problems);
    if (record === undefined) continue;
    if (byKey.has(record.key)) problems.push(`${file}: key: another file has a record of trial ${record.key}`);
    byKey.set(record.key, record);
  }
  if (experiment === undefined || problems.length > 0) throw new RecordError(problemList(problems));
  return orderRecords(experiment, byKey);
}

function problemList(problems: readonly string[]): string {
  const rest = problems.length - SHOWN_PROBLEMS;
  return [
    ...problems.slice(0, SHOWN_PROBLEMS),
    ...(rest > 0 ? [`and ${rest} more`] : []),
    'Remove a record that cannot be used and run the experiment again: it does only the trials without one.',
  ].join('\n');
}

/** Picks the experiment's trials out of records, in its order, and counts those without one. */
export function orderRecords(experiment: ExperimentRecord, byKey: ReadonlyMap<string, TrialRecord>): ExperimentResults {
  const records = experiment.trials.flatMap((key) => byKey.get(key) ?? []);
  return { experiment, records, notRun: experiment.trials.length - records.length };
}

function isOtherTrial(value: unknown, { trials }: ExperimentRecord): boolean {
  const key = typeof value === 'object' && value !== null && 'key' in value ? value.key : undefined;
  return typeof key === 'string' && HASH.test(key) && !trials.includes(key);
}

/** The file's value; undefined, with the problem noted, when it is missing or not JSON. */
async function readJson(file: string, problems: string[]): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error)) problems.push(`${file}: there is no such file; expected a directory written by "attune run"`);
    else if (error instanceof SyntaxError) problems.push(`${file}: not JSON: ${error.message}`);
    else throw error;
    return undefined;
  }
}

function check<T>(file: string, value: unknown, schema: Schema<T>, problems: string[]): T | undefined {
  if (value === undefined) return undefined;
  const checked = checkWith(schema, value);
  problems.push(...(checked.problems ?? []).map((problem) => `${file}: ${problem}`));
  return checked.value;
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
