import { checkWith, parseJsonText } from '@attune/base';
import type { z } from 'zod';
import { isSealed } from './canonical-json.ts';
import { type ExperimentRecord, experimentRecordSchema } from './experiment-record.ts';
import { recordFileName, recordFormat, type TrialRecord, trialKey, trialRecordSchema } from './trial-record.ts';

// The light entry: records load no TensorFlow.js.

/** A record's JSON: indented, and the lists of small parts (points of a curve, trials) one line each. */
export function recordText(value: object): string {
  const lines = Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : [`  ${JSON.stringify(key)}: ${partText(inner)}`],
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

function partText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const shown = isList ? value.map(inlineJson) : namedParts(value);
  const [open, close] = isList ? '[]' : '{}';
  const isShort = shown.join(', ').length < 100;
  if (isShort) return isList ? `${open}${shown.join(', ')}${close}` : inlineJson(value);
  return `${open}\n${shown.map((part) => `    ${part}`).join(',\n')}\n  ${close}`;
}

function namedParts(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : [`${JSON.stringify(key)}: ${inlineJson(inner)}`],
  );
}

/** On one line, with spaces where people put them. */
function inlineJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => inlineJson(item ?? null)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = namedParts(value);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** What a file was found to be: the value, or why it cannot be used; `isOlder` where only its format is an earlier one. */
export type Read<Value> =
  | { readonly value: Value }
  | { readonly problems: readonly string[]; readonly isOlder?: boolean };

/**
 * Reads a trial's record and checks that it is what was written: its form, the key of its configuration, the hash of
 * its content, and the name of its file.
 *
 * @param fileName  without folders
 */
export function parseTrialRecord(text: string, fileName: string): Read<TrialRecord> {
  const read = parseSealed(text, trialRecordSchema);
  if ('problems' in read) return read;
  const record = read.value;
  if (trialKey(record.config) !== record.key) {
    return { problems: ['key and config do not belong together: it was changed by hand'] };
  }
  const name = recordFileName(record);
  if (name === fileName) return read;
  return { problems: [`it is the record of another file, ${name}: it was renamed or put in that one's place`] };
}

/** Reads experiment.json and checks its form and the hash of its content. */
export function parseExperimentRecord(text: string): Read<ExperimentRecord> {
  return parseSealed(text, experimentRecordSchema);
}

function parseSealed<Value extends { readonly hash: string }>(text: string, schema: z.ZodType<Value>): Read<Value> {
  let json: unknown;
  try {
    json = parseJsonText(text);
  } catch (error) {
    return { problems: [`not JSON, cut short or damaged: ${(error as Error).message}`] };
  }
  const version = formatOf(json);
  if (version !== recordFormat) {
    const isOlder = version !== undefined && version < recordFormat;
    return { problems: [formatProblem(version)], isOlder };
  }
  const parsed = checkWith(schema, json);
  if (parsed.problems !== undefined) return { problems: parsed.problems };
  // The parsed value is hashed: what a schema would fill in or leave out must not pass unseen.
  if (!isSealed(parsed.value)) return { problems: ['its content is not what its hash says: it was changed by hand'] };
  return { value: parsed.value };
}

function formatProblem(version: number | undefined): string {
  const found = `expected format ${recordFormat} (schemaVersion), got ${version ?? 'none'}`;
  if (version === undefined) return found;
  return version < recordFormat
    ? `${found}, that of an earlier version of Attune; run its experiment anew with --fresh`
    : `${found}, that of a later version of Attune; read it with that version`;
}

/** The format a file says it has; undefined where it says none. */
function formatOf(json: unknown): number | undefined {
  const version = typeof json === 'object' && json !== null && 'schemaVersion' in json ? json.schemaVersion : undefined;
  return typeof version === 'number' ? version : undefined;
}

/** The key that a file claims, whatever else is in it; undefined where it is no JSON or has none. */
export function claimedKey(text: string): string | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const key = typeof json === 'object' && json !== null && 'key' in json ? json.key : undefined;
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
