import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type ComparisonFlags, comparison, hoist, passes, type RoundsFlags, type StepFlags, steps } from './actions.ts';

/**
 * The benchmarks' command line.
 *
 * @param argv  as in `process.argv`
 * @returns     0; 1 when a cell failed or an option is wrong
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('bench').description('Times what Attune does, beside PyTorch').exitOverride();
  withOutputs(program.command('steps', { isDefault: true }))
    .description('training steps: engine × shape × method × head')
    .option('--shapes <names>', 'only these shapes, e.g. 2x128,12x768', names)
    .option('--methods <names>', 'only these methods', names)
    .option('--engines <names>', 'only these engines, on all shapes asked for', names)
    .option('--heads <names>', 'only these heads', names)
    .option('--threads <count>', 'threads of each side', count, 2)
    .option('--steps <count>', 'timed steps, at least', count, 20)
    .action(async (flags: StepFlags) => {
      exitCode = await steps(flags);
    });
  withOutputs(program.command('comparison'))
    .description('a whole small comparison: four methods, two tasks, three seeds')
    .option('--rounds <count>', 'how often each side runs it', count, 2)
    .action((flags: ComparisonFlags) => comparison(flags));
  withRounds(program.command('passes'), 20)
    .description('a step without each of the passes in turn: what each is worth')
    .action((flags: RoundsFlags) => passes(flags));
  withRounds(program.command('hoist'), 6)
    .description('epochs with the lower half frozen, its values kept or computed anew')
    .action((flags: RoundsFlags) => hoist(flags));
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

function withOutputs(command: Command): Command {
  return withFiles(command.option('--peer <python>', 'compare with PyTorch in this Python, see peer/requirements.txt'));
}

function withRounds(command: Command, rounds: number): Command {
  return withFiles(command)
    .option('--shapes <names>', 'these shapes', names, ['2x128', '6x384'])
    .option('--threads <count>', 'threads', count, 2)
    .option('--rounds <count>', 'how often each side is timed', count, rounds);
}

function withFiles(command: Command): Command {
  return command
    .option('--json <file>', 'write every number to this file')
    .option('--out <folder>', 'write a page and its numbers to this folder, of steps one for each shape');
}

/** Commander has printed its own errors, and help is none. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  process.stderr.write(`${(error as Error).message}\n`);
  return 1;
}

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`expected a positive integer, got "${text}"`);
}
