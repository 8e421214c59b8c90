import { resolve } from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import type { SetExitCode } from './options.ts';

const example = `
Example:
  $ attune report reports/quick

Nothing is run: the pages are made anew from experiment.json and records/*.json in the folder.`;

/** `attune report`: help; its action is loaded when it is run. */
export function reportCommand(setExitCode: SetExitCode): Command {
  return new Command('report')
    .description('Makes the report anew from the records in a folder')
    .argument('<folder>', "an experiment's output folder")
    .addHelpText('after', example)
    .action(async (folder: string) => {
      const { writeAndShowReport } = await import('../actions/report.ts');
      await writeAndShowReport(resolve(folder));
      setExitCode(exitCodes.ok);
    });
}
