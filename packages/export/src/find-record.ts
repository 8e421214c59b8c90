import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError, nearestNames } from '@attune/core';
import { type TrialRecord, trialRecordSchema } from '@attune/records';
import { displayPath } from '@attune/runner';

export interface FoundRecord {
  readonly record: TrialRecord;
  /** Name of its file without ".json". */
  readonly name: string;
  /** Folder of its experiment: the one that has `records/`. */
  readonly output: string;
}

/**
 * The record that a text stands for: a path to its file; the file's name or the beginning of it, after
 * "<experiment>/" or without; or the beginning of the trial's key (at least six digits).
 *
 * @param reports  folder with a folder for each experiment
 * @throws ConfigError when there is none, with the nearest names, or more than one
 */
export async function findRecord(text: string, reports: string): Promise<FoundRecord> {
  if (text.endsWith('.json')) return readRecord(resolve(text));
  const files = await recordFiles(reports);
  const matching = files.filter((file) => isNamed(file, text));
  const [file] = matching;
  if (file === undefined) throw unknownTrial(text, files.map(nameOf), reports);
  if (matching.length > 1) {
    const shown = matching.slice(0, 5).map((path) => `  ${displayPath(path)}`);
    const more = matching.length > 5 ? [`  and ${matching.length - 5} more`] : [];
    throw new ConfigError([`"${text}" stands for ${matching.length} trials; name one:`, ...shown, ...more].join('\n'));
  }
  const found = await readRecord(file);
  // A file's name has the first digits of the key alone.
  if (isKey(text) && !found.record.key.startsWith(text)) throw unknownTrial(text, files.map(nameOf), reports);
  return found;
}

const nameOf = (file: string) => basename(file, '.json');
const outputOf = (file: string) => dirname(dirname(file));
const isKey = (text: string) => /^[0-9a-f]{6,64}$/.test(text);

function isNamed(file: string, text: string): boolean {
  const name = nameOf(file);
  const experiment = basename(outputOf(file));
  const digits = name.split('--').at(-1)!;
  const isItsKey = isKey(text) && digits.startsWith(text.slice(0, digits.length));
  return isItsKey || name.startsWith(text) || `${experiment}/${name}`.startsWith(text);
}

async function recordFiles(reports: string): Promise<string[]> {
  const folders = (await readdir(reports).catch(() => [])).sort();
  const files = folders.map(async (folder) => {
    const records = join(reports, folder, 'records');
    const names = (await readdir(records).catch(() => [])).filter((name) => /^[^.].*\.json$/.test(name)).sort();
    return names.map((name) => join(records, name));
  });
  return (await Promise.all(files)).flat();
}

function unknownTrial(text: string, names: readonly string[], reports: string): ConfigError {
  const near = nearestNames(text, names);
  const hint = near.length === 0 ? '' : `\nThe nearest are:\n${near.map((name) => `  ${name}`).join('\n')}`;
  return new ConfigError(
    `unknown trial "${text}": none of the ${names.length} records in ${displayPath(reports)} has that name or key; ` +
      `a path to a record's file does too${hint}`,
  );
}

async function readRecord(file: string): Promise<FoundRecord> {
  const shown = displayPath(file);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ConfigError(`${shown}: cannot be read as a trial's record: ${error.message}`);
  });
  try {
    return { record: trialRecordSchema.parse(JSON.parse(text)), name: nameOf(file), output: outputOf(file) };
  } catch {
    throw new ConfigError(`${shown}: is no trial's record; "attune run" writes them to <report>/records`);
  }
}
