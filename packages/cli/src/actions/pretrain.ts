import { basename, dirname, resolve } from 'node:path';
import { ConfigError } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { formatDuration } from '@attune/runner/node';
import type { PretrainingProgress } from '@attune/training';
import { pretrainDirectory } from '@attune/training/node';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { say } from '../say.ts';
import { type EngineFlags, openEngine } from './open-engine.ts';

/** Flags of `attune pretrain`. */
export interface PretrainFlags extends EngineFlags {
  readonly recipe: string;
  readonly out: string;
  readonly size: 'as-described' | 'small';
  readonly checkpointEvery?: number;
}

/**
 * Trains a model by its recipe and shows the loss; an interrupted one goes on where it stopped.
 *
 * @returns an exit code
 * @throws ConfigError when the recipe is not named recipe.json or says what cannot be
 */
export async function pretrain(flags: PretrainFlags): Promise<number> {
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
    onResume: ({ phase, step }: Resumed) => say(`Going on after phase ${phase + 1}, step ${step}.`),
    onProgress: (progress: PretrainingProgress) => {
      last = progress;
      showProgress(progress);
    },
  };
  try {
    await untilInterrupted((signal) => pretrainDirectory({ ...call, signal }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    say(stopped(last));
    return exitCodes.interrupted;
  } finally {
    await engine.dispose();
  }
  say(`Checkpoint: ${displayPath(out)}`);
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
    say(`phase ${phase + 1}, step ${step}/${totalSteps}: loss ${loss.toFixed(3)}, ${elapsed}`);
  };
}
