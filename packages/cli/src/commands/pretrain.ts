import { basename, dirname, resolve } from 'node:path';
import { ConfigError, type PretrainingProgress, pretrainDirectory } from '@attune/core';
import { displayPath, formatDuration } from '@attune/runner';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { type EngineFlags, openEngine } from './open-engine.ts';
import { parseCount, type SetExitCode } from './options.ts';

interface PretrainFlags extends EngineFlags {
  readonly recipe: string;
  readonly out: string;
  readonly size: 'as-described' | 'small';
  readonly checkpointEvery?: number;
}

const example = `
Example:
  $ attune pretrain --recipe datasets/checkpoints/mini-bert/recipe.json --out ../mini-bert

The recipe's folder also holds config.json, tokenizer.json and tokenizer_config.json. The same files give the same
checkpoint, byte for byte, on the same engine. It is written when training is over. Until then the state is kept in
--out: after Ctrl-C, or if the process is killed, the same command goes on and gives the same bytes.

Of the built-in models, which have 2 layers of 128, --size small makes ones of 4 layers of 256, with the same corpus and
half the learning rate; config.json and recipe.json in --out say which.`;

export function pretrainCommand(setExitCode: SetExitCode): Command {
  return new Command('pretrain')
    .description('Trains a model as a language model, masked or causal, by a recipe')
    .requiredOption('--recipe <file>', 'a recipe.json, beside the model it describes')
    .requiredOption('--out <folder>', 'where the checkpoint goes')
    .addOption(
      new Option('--size <size>', 'the described model, or one of twice its layers, heads and widths')
        .choices(['as-described', 'small'])
        .default('as-described'),
    )
    .option('--engine <name>', 'the engine to run on, see "attune doctor"')
    .option('--device <name>', 'where the onnx engine computes: cpu (the default), webgpu or cuda')
    .option('--threads <count>', "the engine's threads", parseCount)
    .option('--checkpoint-every <steps>', 'how often the state is kept, 200 when absent', parseCount)
    .addHelpText('after', example)
    .action(async (flags: PretrainFlags) => setExitCode(await pretrain(flags)));
}

async function pretrain(flags: PretrainFlags): Promise<number> {
  if (basename(flags.recipe) !== 'recipe.json') {
    throw new ConfigError(`--recipe: expected a file named recipe.json in the model's folder, got ${flags.recipe}`);
  }
  const engine = await openEngine(flags);
  const out = resolve(flags.out);
  let last: PretrainingProgress | undefined;
  const showProgress = progressLines();
  const call = {
    directory: dirname(resolve(flags.recipe)),
    out,
    size: flags.size,
    engine,
    engineName: `${engine.name} on ${engine.device}`,
    ...(flags.checkpointEvery === undefined ? {} : { checkpointEvery: flags.checkpointEvery }),
    onResume: ({ phase, step }: Resumed) => console.log(`Going on after phase ${phase + 1}, step ${step}.`),
    onProgress: (progress: PretrainingProgress) => {
      last = progress;
      showProgress(progress);
    },
  };
  try {
    await untilInterrupted((signal) => pretrainDirectory({ ...call, signal }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    console.log(stopped(last));
    return exitCodes.interrupted;
  } finally {
    await engine.dispose();
  }
  console.log(`Checkpoint: ${displayPath(out)}`);
  return exitCodes.ok;
}

type Resumed = Pick<PretrainingProgress, 'phase' | 'step'>;

function stopped(last: Resumed | undefined): string {
  if (last === undefined) return 'Stopped before a step was made; nothing new was kept.';
  return `Stopped after phase ${last.phase + 1}, step ${last.step}; the same command goes on from there.`;
}

/** A line for about every twentieth of a phase. */
function progressLines(): (progress: PretrainingProgress) => void {
  const startedMs = performance.now();
  return ({ phase, step, totalSteps, loss }) => {
    const interval = Math.max(1, Math.floor(totalSteps / 20));
    if (step % interval !== 0 && step !== totalSteps) return;
    const elapsed = formatDuration(performance.now() - startedMs);
    console.log(`phase ${phase + 1}, step ${step}/${totalSteps}: loss ${loss.toFixed(3)}, ${elapsed}`);
  };
}
