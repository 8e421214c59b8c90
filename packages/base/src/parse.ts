import type { z } from 'zod';
import { ConfigError, DatasetError } from './errors.ts';
import { shownLine } from './safe-text.ts';
import { checkWith } from './schema-issues.ts';

/** @throws ConfigError naming the file when it is not JSON in UTF-8 */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ConfigError(`${where}: not JSON: ${shownLine((error as Error).message)}`, { cause: error });
  }
}

/**
 * Rows of a JSONL file as it is. Lines end at LF only (a text may hold U+2028 or U+0085); texts are never trimmed,
 * normalised or re-cased, because offsets refer to them as stored. Empty lines are skipped.
 *
 * @param bytes  the whole file
 * @param file   names it in messages
 * @throws DatasetError naming file and line, with every problem of that line
 */
export function parseRows<Row>(bytes: Uint8Array, file: string, schema: z.ZodType<Row>): readonly Row[] {
  const rows: Row[] = [];
  for (const [index, line] of textOf(bytes, file).split('\n').entries()) {
    if (line.trim() !== '') rows.push(parseRow(line, `${file}:${index + 1}`, schema));
  }
  if (rows.length === 0) throw new DatasetError(`${file}: expected one JSON object per line, got a file without rows`);
  return rows;
}

function textOf(bytes: Uint8Array, file: string): string {
  const text = decoded(bytes, file);
  if (text.startsWith('\ufeff')) {
    throw new DatasetError(`${file}: starts with a byte-order mark; save it as UTF-8 without one`);
  }
  return text;
}

/** Bytes that are no UTF-8 would else become U+FFFD, in silence. */
function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DatasetError(`${file}: expected text in UTF-8, found bytes that are none`);
  }
}

function parseRow<Row>(line: string, where: string, schema: z.ZodType<Row>): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new DatasetError(
      `${where}: not JSON: ${shownLine((error as Error).message)}; expected one JSON object per line`,
    );
  }
  const { problems, value: row } = checkWith(schema, value);
  if (problems !== undefined) throw new DatasetError(`${where}: ${problems.join('; ')}`);
  return row;
}
