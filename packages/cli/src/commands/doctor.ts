import { availableParallelism, totalmem } from 'node:os';
import { availableEngines, type EngineReport, selectEngine } from '@attune/engine';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import type { SetExitCode } from './options.ts';

const example = `
Example:
  $ attune doctor

Shows each engine with its version, or why it is not available and what would make it so. Exits with 2 when no engine
can run here.`;

export function doctorCommand(setExitCode: SetExitCode): Command {
  return new Command('doctor')
    .description('Shows what this machine can run on')
    .addHelpText('after', example)
    .action(async () => {
      console.log(machineLine());
      const reports = await availableEngines();
      const chosen = await selectEngine().catch(() => undefined);
      for (const report of reports) for (const line of engineLines(report, chosen?.name)) console.log(line);
      await chosen?.dispose();
      setExitCode(chosen === undefined ? exitCodes.badInput : exitCodes.ok);
    });
}

function machineLine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `node ${process.version}, ${process.platform}-${process.arch}, ${availableParallelism()} cores, ${memory} GiB`;
}

function engineLines({ name, available, version, device, reason, fix }: EngineReport, chosen?: string): string[] {
  const label = name.padEnd(16);
  if (available) {
    const mark = name === chosen ? ', used when none is asked for' : '';
    return [`${label}available: version ${version ?? 'unknown'} on ${device ?? 'unknown'}${mark}`];
  }
  const why = [`${label}not available: ${reason ?? 'unknown reason'}`];
  return fix === undefined ? why : [...why, `${' '.repeat(16)}to have it: ${fix}`];
}
