import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperimentRecord, parseTrialRecord, type Read } from '@attune/records';

/** Columns of results.csv that are measured. */
const measured = ['train_ms', 'peak_memory_bytes'];

/**
 * What a run left, by file name: the bytes, without what time, the machine and the folder's own name decide. The pages
 * show times, so only that they are there counts; what they show else stands in the records.
 */
function contents(output: string): Map<string, string> {
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => join(entry.parentPath, entry.name).slice(output.length + 1)).sort();
  return new Map(names.map((name) => [name, comparable(name, readFileSync(join(output, name)))]));
}

function comparable(name: string, bytes: Buffer): string {
  const [folder, file = ''] = name.split('/');
  if (name === 'experiment.json') {
    const { hash, command, trials, ...rest } = usable(parseExperimentRecord(bytes.toString()), name);
    return JSON.stringify({ ...rest, trials: trials.map((trial) => ({ ...trial, hash: trial.hash !== null })) });
  }
  if (folder === 'records' && file.endsWith('.json')) {
    const { run, hash, ...rest } = usable(parseTrialRecord(bytes.toString(), file), name);
    return JSON.stringify(rest);
  }
  if (name === 'results.csv') return withoutColumns(bytes.toString(), measured);
  return /^report\.(md|html)$/.test(name) ? '' : bytes.toString('base64');
}

function usable<Value>(read: Read<Value>, name: string): Value {
  if ('value' in read) return read.value;
  throw new Error(`${name}: ${read.problems.join('; ')}`);
}

/** No field of these files has a comma. */
function withoutColumns(csv: string, names: readonly string[]): string {
  const [head = '', ...rows] = csv.split(/\r?\n/);
  const left = head.split(',').flatMap((name, place) => (names.includes(name) ? [] : [place]));
  return [head, ...rows].map((row) => left.map((place) => row.split(',')[place]).join()).join('\n');
}

/** How a folder differs from that of a run which nothing disturbed, a line for each file; empty where it does not. */
export function differencesOf(output: string, undisturbed: string): readonly string[] {
  const [found, expected] = [contents(output), contents(undisturbed)];
  return [...new Set([...found.keys(), ...expected.keys()])].flatMap((name) => {
    if (!expected.has(name)) return [`${name}: left behind`];
    if (!found.has(name)) return [`${name}: missing`];
    return found.get(name) === expected.get(name) ? [] : [`${name}: other content`];
  });
}
