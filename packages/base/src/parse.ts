import type { z } from 'zod';
import { ConfigError, DatasetError } from './errors.ts';
import { parseJsonText } from './json-text.ts';
import { BadLines, textLines } from './lines.ts';
import { shownLine } from './safe-text.ts';
import { checkWith } from './schema-issues.ts';
import { utf8Text } from './utf8.ts';

/**
 * @throws ConfigError naming the file when it is not JSON in UTF-8, or has a key with two values; see `parseJsonText`
 */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return parseJsonText(utf8Text(bytes));
  } catch (error) {
    throw new ConfigError(`${where}: not JSON: ${shownLine((error as Error).message)}`, { cause: error });
  }
}

/** How messages name an id, and the id: `['idx', 3]`, `['passage.questions.idx', '5-8']`. */
export type RowId = readonly [name: string, id: string | number];

/**
 * Rows of a JSONL file as it is. Lines end at LF only (a text may hold U+2028 or U+0085); texts are never trimmed,
 * normalised or re-cased, because offsets refer to them as stored. Empty lines are skipped.
 *
 * @param bytes  the whole file
 * @param file   names it in messages
 * @param ids    of a row, and of what is in it: no two of one name may be equal in a file; not checked when absent
 * @throws DatasetError naming file and line of the first ten bad lines, each with every problem of it, and how many more
 *   there are
 */
export function parseRows<Row>(
  bytes: Uint8Array,
  file: string,
  schema: z.ZodType<Row>,
  ids?: (row: Row) => readonly RowId[],
): readonly Row[] {
  const lines = textLines(bytes, file);
  if (lines.length === 0) throw new DatasetError(`${file}: expected one JSON object per line, got a file without rows`);
  const bad = new BadLines(file);
  const seen = new Map<string, number>();
  const rows: Row[] = [];
  for (const line of lines) {
    const { row, problem } = parseRow(line.text, schema);
    if (problem !== undefined) bad.add(line.number, problem);
    else {
      const repeated = repeatedIds(ids?.(row) ?? [], line.number, seen);
      if (repeated.length > 0) bad.add(line.number, repeated.join('; '));
      rows.push(row);
    }
  }
  bad.throwIfAny();
  return rows;
}

type Parsed<Row> =
  | { readonly row: Row; readonly problem?: undefined }
  | { readonly row?: undefined; readonly problem: string };

function parseRow<Row>(line: string, schema: z.ZodType<Row>): Parsed<Row> {
  let value: unknown;
  try {
    value = parseJsonText(line);
  } catch (error) {
    return { problem: `not JSON: ${shownLine((error as Error).message)}; expected one JSON object per line` };
  }
  const { problems, value: row } = checkWith(schema, value);
  return problems === undefined ? { row } : { problem: problems.join('; ') };
}

/** @param seen  lines by name and id; those of this line are added */
function repeatedIds(ids: readonly RowId[], line: number, seen: Map<string, number>): string[] {
  return ids.flatMap(([name, id]) => {
    const key = `${name} ${id}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, line);
    if (first === undefined) return [];
    const where = first === line ? 'twice in this line' : `in line ${first} already`;
    return [`${name}: expected an id of its own, got ${id}, which is ${where}`];
  });
}
