import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { ConfigError, floatTensor } from '@attune/base';
import { writeAtomically } from '@attune/base/node';
import { writeSafetensors } from '@attune/checkpoints';
import { readSafetensorsFile } from '@attune/checkpoints/node';
import type { PretrainingState } from '../pretraining/pretrain.ts';

/** The file that an unfinished pre-training is kept in, beside where its checkpoint goes. */
export const stateFile = 'pretraining-state.safetensors';

const lossesOf = (phase: number) => `losses.${phase}`;

/**
 * Keeps a state in one file, written atomically: a process that is killed leaves the state before or this one.
 *
 * @param identity  what the state belongs to; only the same is read back
 */
export async function writePretrainingState(path: string, state: PretrainingState, identity: string): Promise<void> {
  // A loss is a float32 already, so nothing is lost.
  const losses = state.losses.map(
    (phase, index) => [lossesOf(index), floatTensor([phase.length], [...phase])] as const,
  );
  await writeAtomically(path, writeSafetensors(new Map([...state.tensors, ...losses]), { identity }));
}

/**
 * The state that was kept, if there is one.
 *
 * @throws ConfigError when the file is damaged or belongs to another pre-training
 */
export async function readPretrainingState(path: string, identity: string): Promise<PretrainingState | undefined> {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readSafetensorsFile(path).catch((error: Error) => {
    throw new ConfigError(`${error.message}; remove the file to start anew`, { cause: error });
  });
  if (metadata.identity !== identity) {
    throw new ConfigError(
      `${path}: expected the state of this pre-training, got another's: recipe, config, tokenizer, corpus or engine ` +
        'differ; remove the file to start anew, or choose another folder',
    );
  }
  const names = [...tensors.keys()].filter((name) => name.startsWith('losses.'));
  return {
    losses: names.map((_, phase) => [...tensors.get(lossesOf(phase))!.data]),
    tensors: new Map([...tensors].filter(([name]) => !names.includes(name))),
  };
}

/** Removes a kept state, once there is a checkpoint; nothing happens where there is none. */
export async function removePretrainingState(path: string): Promise<void> {
  await rm(path, { force: true });
}
