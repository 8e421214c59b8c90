import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { describeMachine } from './machine.ts';
import { type Choice, planCells } from './plan-cells.ts';
import { reportPage } from './report-page.ts';
import { runCells } from './run-cells.ts';
import { markdownTable } from './table.ts';

interface Flags extends Choice {
  readonly json?: string;
  readonly out?: string;
}

/**
 * The benchmarks' command line.
 *
 * @param argv  as in `process.argv`
 * @returns     0; 1 when a cell failed or an option is wrong
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('bench')
    .description('Times training steps: engine × shape × method × head')
    .option('--shapes <names>', 'only these shapes, e.g. 2x128,12x768', names)
    .option('--methods <names>', 'only these methods', names)
    .option('--engines <names>', 'only these engines, on all shapes asked for', names)
    .option('--heads <names>', 'only these heads', names)
    .option('--threads <count>', 'threads of each side', count, 2)
    .option('--steps <count>', 'timed steps, at least', count, 20)
    .option('--peer <python>', 'compare with PyTorch in this Python, see peer/requirements.txt')
    .option('--json <file>', 'write every number to this file')
    .option('--out <folder>', 'write the page and its numbers to this folder')
    .action(async (flags: Flags) => {
      exitCode = await bench(flags);
    });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
  return exitCode;
}

async function bench({ json, out, ...choice }: Flags): Promise<number> {
  const measured = await runCells(planCells(choice), (line) => process.stderr.write(`${line}\n`));
  const machine = describeMachine();
  const date = new Date().toISOString().slice(0, 10);
  const numbers = `${JSON.stringify({ date, machine, ...measured }, undefined, 2)}\n`;
  process.stdout.write(`${markdownTable(measured)}\n`);
  if (json !== undefined) await write(json, numbers);
  if (out !== undefined) {
    await write(join(out, 'steps.json'), numbers);
    await write(join(out, 'steps.md'), reportPage({ date, machine, measured }));
  }
  return measured.rows.some((row) => 'failure' in row) ? 1 : 0;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, text);
}

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`expected a positive integer, got "${text}"`);
}
