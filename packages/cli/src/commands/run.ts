import { Command, Option } from 'commander';
import type { RunFlags } from '../actions/run.ts';
import { parseCount, parseMebibytes, parseNames, parseSeeds, type SetExitCode, withOffline } from './options.ts';

const examples = `
Examples:
  $ attune run experiments/quick.ts
  $ attune run experiments/fewglue.ts --data ../FewGLUE_32dev --tasks cb,rte
  $ attune run experiments/quick.ts --methods lora,zero-shot --seeds 1 --out ../try
  $ attune run experiments/quick.ts --hoist-memory 256 --hoist-directory /mnt/scratch

Trials that have a record are not run again, so an interrupted run goes on where it stopped. The records of the
repository's own reports are committed: --fresh computes them anew and leaves those that come out equal as they are.

The same command in another terminal, or on another machine that shares the folder, takes a share of the trials.

A part of an experiment (--tasks, --methods, --models, --seeds) joins what its folder has: the report is of all of it.

What a frozen part of a model makes of an example is computed once and kept while its task runs, in memory and, beyond
--hoist-memory, in a file that goes away with the run. Results do not depend on it.`;

/** `attune run`: flags and help; its action is loaded when it is run. */
export function runCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('run'))
    .description("Runs an experiment's trials and writes its report")
    .argument('<experiment>', 'a .ts, .js or .json file')
    .option('--data <folder>', "use this data instead of the experiment's: a folder, or built-in-world")
    .option('--out <folder>', 'where records and report go (default: reports/<experiment> in the working directory)')
    .option('--tasks <names>', 'only these tasks', parseNames)
    .option('--methods <names>', 'only these methods or arms', parseNames)
    .option('--models <names>', 'only these models', parseNames)
    .option('--seeds <numbers>', "these seeds instead of the experiment's", parseSeeds)
    .option('--workers <count>', 'processes side by side (default: one per core, as memory allows)', parseCount)
    .option('--threads <count>', 'threads of each process (default: its share of the cores)', parseCount)
    .option('--engine <name>', 'the engine to run on, see "attune doctor"')
    .option('--device <name>', 'where the onnx engine computes: cpu (the default), webgpu or cuda')
    .option(
      '--hoist-memory <MiB>',
      'memory for what frozen parts computed, all processes together (default: 1024)',
      parseMebibytes,
    )
    .option('--hoist-directory <folder>', "where the rest of it goes (default: the system's temporary files)")
    .addOption(
      new Option('--no-hoist', 'keep none of it, compute it for every batch').conflicts([
        'hoistMemory',
        'hoistDirectory',
      ]),
    )
    .option('--max-steps <count>', 'end every training after so many steps', parseCount)
    .option('--fresh', 'run every trial again, also those that have a record; one with equal results stays as it is')
    .addOption(
      new Option(
        '--rewrite',
        'like --fresh, and write every record anew, with the times and commit of this run',
      ).implies({
        fresh: true,
      }),
    )
    .option('--quiet', 'print only what came out, no progress')
    .option(
      '--save-weights',
      'keep what each trial trains, for "attune export" (as large as the model for some methods)',
    )
    .addHelpText('after', examples)
    .action(async (file: string, flags: RunFlags) => {
      const { run } = await import('../actions/run.ts');
      setExitCode(await run(file, flags));
    });
}
