import { join, resolve } from 'node:path';
import { displayPath } from '@attune/runner';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import type { SetExitCode } from './options.ts';

const example = `
Example:
  $ attune report reports/quick

Nothing is run: the pages are made anew from experiment.json and records/*.json in the folder.`;

export function reportCommand(setExitCode: SetExitCode): Command {
  return new Command('report')
    .description('Makes the report anew from the records in a folder')
    .argument('<folder>', "an experiment's output folder")
    .addHelpText('after', example)
    .action(async (folder: string) => {
      await writeAndShowReport(resolve(folder));
      setExitCode(exitCodes.ok);
    });
}

/** Writes the report of a folder; prints its table and where the page is. */
export async function writeAndShowReport(output: string): Promise<void> {
  // Statistics and figures take a second to load, which every other command would wait for.
  const { readRecords, terminalTable, writeReport } = await import('@attune/report');
  const results = await readRecords(output);
  await writeReport(output, { results });
  console.log(`\n${terminalTable(results, { width: process.stdout.columns || 120 })}`);
  console.log(`Report: ${displayPath(join(output, 'report.html'))}`);
}
