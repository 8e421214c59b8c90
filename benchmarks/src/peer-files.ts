import { join } from 'node:path';
import { writeAtomically } from '@attune/base/node';
import { writeSafetensorsFile } from '@attune/checkpoints/node';
import type { Cell } from './cell.ts';
import { verbalizer } from './make-batch.ts';
import { learningRate, type MadeStep, weightDecay } from './make-step.ts';

export const weightsFile = 'weights.safetensors';

/** Writes what `peer/step.py` reads: case.json, the weights and the batch. */
export async function writePeerFiles(folder: string, cell: Cell, made: MadeStep): Promise<void> {
  const { trainable } = made.plan;
  const { shape, method, head, threads } = cell;
  const caseOfPeer = {
    ...{ method, head, threads, learningRate, weightDecay, verbalizer },
    config: shape.config,
    numVirtualTokens: 8,
    trainable: trainable.map(({ name }) => name),
    decayed: trainable.filter(({ decay }) => decay).map(({ name }) => name),
  };
  await writeAtomically(join(folder, 'case.json'), JSON.stringify(caseOfPeer));
  await writeSafetensorsFile(join(folder, weightsFile), made.weights);
  await writeSafetensorsFile(join(folder, 'batch.safetensors'), made.batch);
}
