import { join } from 'node:path';
import { displayPath } from '@attune/base/node';

/** Writes the report of a folder; prints its table and where the page is. */
export async function writeAndShowReport(output: string): Promise<void> {
  // Statistics and figures take a second to load; a run has loaded them by now.
  const { readRecords, terminalNotes, terminalTable, writeReport } = await import('@attune/report');
  const results = await readRecords(output);
  await writeReport(output, { results });
  console.log(`\n${terminalTable(results, { width: process.stdout.columns || 120 })}`);
  const notes = terminalNotes(results);
  if (notes !== undefined) console.log(notes);
  console.log(`Report: ${displayPath(join(output, 'report.html'))}`);
}
