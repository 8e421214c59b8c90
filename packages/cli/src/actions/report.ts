import { join } from 'node:path';
import { displayPath } from '@attune/base/node';
import { say } from '../say.ts';

/** Writes the report of a folder; prints its table and where the page is. */
export async function writeAndShowReport(output: string): Promise<void> {
  // Statistics and figures take a second to load; a run has loaded them by now.
  const { readRecords, terminalTable, writeReport } = await import('@attune/report');
  const results = await readRecords(output);
  await writeReport(output, { results });
  say(`\n${terminalTable(results, { width: process.stdout.columns || 120 })}`);
  say(`Report: ${displayPath(join(output, 'report.html'))}`);
}
