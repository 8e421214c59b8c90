import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError, nearestNames, shownLine } from '@attune/base';
import { displayPath } from '@attune/base/node';
import {
  canonicalJson,
  type ListedTrial,
  listedName,
  parseExperimentRecord,
  parseTrialRecord,
  recordFileName,
  type TrialConfig,
  type TrialRecord,
} from '@attune/records';
import {
  expandTrials,
  type ResolvedExperiment,
  type Trial,
  type TrialSurroundings,
  trialName,
} from '@attune/runner/node';

/** A record, and the experiment's folder that it lies in. */
export interface FoundRecord {
  readonly record: TrialRecord;
  /** Name of its file without ".json". */
  readonly name: string;
  /** Folder of its experiment: the one that has `records/`. */
  readonly output: string;
  /** The label of the arm that lists it; absent where its folder's experiment.json does not. */
  readonly arm?: string;
}

/** A record's file and the trials that its experiment lists it for. */
interface RecordFile {
  readonly file: string;
  readonly trials: readonly ListedTrial[];
}

/**
 * The record that a text stands for: a path to its file; the file's name or the beginning of it, after
 * "<experiment>/" or without; the same with the arm's label in place of the method's name; or the beginning of the
 * trial's key (at least six digits).
 *
 * @param reports  folder with a folder for each experiment
 * @throws ConfigError when there is none, with the nearest names, or more than one, or when it was changed by hand
 */
export async function findRecord(text: string, reports: string): Promise<FoundRecord> {
  if (text.endsWith('.json')) {
    const file = resolve(text);
    return readRecord({ file, trials: await listedTrials(outputOf(file)) }, text);
  }
  const files = await recordFiles(reports);
  const matching = files.filter((file) => isNamed(file, text));
  const [file] = matching;
  const names = files.flatMap(namesOf);
  if (file === undefined) throw unknownTrial(text, { names, numRecords: files.length, reports });
  if (matching.length > 1) {
    const shown = matching.slice(0, 5).map(({ file: path }) => `  ${displayPath(path)}`);
    const more = matching.length > 5 ? [`  and ${matching.length - 5} more`] : [];
    throw new ConfigError([`"${text}" stands for ${matching.length} trials; name one:`, ...shown, ...more].join('\n'));
  }
  const found = await readRecord(file, text);
  // A file's name has the first digits of the key alone.
  if (isKey(text) && !found.record.key.startsWith(text)) {
    throw unknownTrial(text, { names, numRecords: files.length, reports });
  }
  return found;
}

const nameOf = (file: string) => basename(file, '.json');
const outputOf = (file: string) => dirname(dirname(file));
const isKey = (text: string) => /^[0-9a-f]{6,64}$/.test(text);

/** With the method's name, and with the label of each arm where that is another. */
function namesOf({ file, trials }: RecordFile): string[] {
  return [...new Set([nameOf(file), ...trials.map(labelledName)])];
}

const labelledName = (trial: ListedTrial) => `${listedName(trial)}--${trial.key.slice(0, 8)}`;

function isNamed(file: RecordFile, text: string): boolean {
  const experiment = basename(outputOf(file.file));
  const digits = nameOf(file.file).split('--').at(-1)!;
  const isItsKey = isKey(text) && digits.startsWith(text.slice(0, digits.length));
  return isItsKey || namesOf(file).some((name) => name.startsWith(text) || `${experiment}/${name}`.startsWith(text));
}

async function recordFiles(reports: string): Promise<RecordFile[]> {
  const folders = (await readdir(reports).catch(() => [])).sort();
  const files = folders.map(async (folder) => {
    const records = join(reports, folder, 'records');
    const names = (await readdir(records).catch(() => [])).filter((name) => /^[^.].*\.json$/.test(name)).sort();
    const trials = names.length === 0 ? [] : await listedTrials(join(reports, folder));
    return names.map((name) => ({
      file: join(records, name),
      trials: trials.filter(({ key }) => name.endsWith(`--${key.slice(0, 8)}.json`)),
    }));
  });
  return (await Promise.all(files)).flat();
}

/** What an experiment's folder lists; nothing where it has no list that can be used. */
async function listedTrials(output: string): Promise<readonly ListedTrial[]> {
  const text = await readFile(join(output, 'experiment.json'), 'utf8').catch(() => undefined);
  const read = text === undefined ? undefined : parseExperimentRecord(text);
  return read !== undefined && 'value' in read ? read.value.trials : [];
}

interface Searched {
  readonly names: readonly string[];
  readonly numRecords: number;
  readonly reports: string;
}

function unknownTrial(text: string, { names, numRecords, reports }: Searched): ConfigError {
  const near = nearestNames(text, names);
  const hint = near.length === 0 ? '' : `\nThe nearest are:\n${near.map((name) => `  ${name}`).join('\n')}`;
  return new ConfigError(
    `unknown trial "${shownLine(text)}": none of the ${numRecords} records in ${displayPath(reports)} has that name or key; ` +
      `a path to a record's file does too${hint}`,
  );
}

async function readRecord({ file, trials }: RecordFile, asked: string): Promise<FoundRecord> {
  const shown = displayPath(file);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ConfigError(`${shown}: cannot be read as a trial's record: ${error.message}`);
  });
  const read = parseTrialRecord(text, basename(file));
  if ('problems' in read) {
    throw new ConfigError(
      `${shown}: is no trial's record that can be used: ${read.problems.join('; ')}; "attune run" writes them to ` +
        '<report>/records',
    );
  }
  const record = read.value;
  const own = trials.filter(({ key }) => key === record.key);
  if (own.some(({ hash }) => hash !== null && hash !== record.hash)) {
    throw new ConfigError(
      `${shown}: it is not the record that experiment.json lists: one of the two was replaced; restore what was ` +
        'written (git restore <file>), or run the trial again with --fresh',
    );
  }
  const listed = own.find((trial) => asked.includes(listedName(trial))) ?? own[0];
  return {
    ...{ record, name: nameOf(recordFileName(record)), output: outputOf(file) },
    ...(listed === undefined ? {} : { arm: listed.arm }),
  };
}

/**
 * The trial of an experiment that a record is of. Code and libraries may have changed since: what was trained is checked
 * otherwise.
 *
 * @param experiment  narrowed to the record's task, method, model and seed
 * @throws ConfigError naming what differs, data and checkpoint included
 */
export async function matchingTrial(
  experiment: ResolvedExperiment,
  { record, arm }: Pick<FoundRecord, 'record' | 'arm'>,
  surroundings: TrialSurroundings,
): Promise<Trial> {
  const trials = await expandTrials(experiment, surroundings);
  const recorded = withoutLibraries(record.config);
  const same = trials.find(({ config }) => canonicalJson(withoutLibraries(config)) === canonicalJson(recorded));
  if (same !== undefined) return same;
  const named = trials.filter((trial) => trial.arm === arm);
  const [trial] = named.length === 1 ? named : trials;
  const shown = trialName({ ...record, ...(arm === undefined ? {} : { arm }) });
  if (trial === undefined || (named.length !== 1 && trials.length > 1)) {
    throw new ConfigError(
      `${shown}: expected one such trial in experiment "${experiment.name}", found ${trials.length}`,
    );
  }
  throw new ConfigError(
    [
      `${shown}: the experiment has changed since it was recorded, so it cannot be trained again:`,
      ...differences(recorded, withoutLibraries(trial.config), '').map((line) => `  ${line}`),
      'Put back what was recorded, or run the experiment and export the new record.',
    ].join('\n'),
  );
}

function withoutLibraries({ libraries, ...rest }: TrialConfig): Omit<TrialConfig, 'libraries'> {
  return rest;
}

/** `training.epochs: recorded 5, now 3`, for every leaf that is not the same. */
function differences(recorded: unknown, now: unknown, path: string): string[] {
  if (!isTree(recorded) || !isTree(now)) {
    const [before, after] = [recorded, now].map((value) => JSON.stringify(value) ?? 'nothing');
    return before === after ? [] : [`${path}: recorded ${before}, now ${after}`];
  }
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(now)])].sort();
  return keys.flatMap((key) => differences(recorded[key], now[key], path === '' ? key : `${path}.${key}`));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
