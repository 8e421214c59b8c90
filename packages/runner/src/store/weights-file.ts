import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type HostTensors, hashTensors } from '@attune/base';
import { displayPath, writeAtomically } from '@attune/base/node';
import { writeSafetensors } from '@attune/checkpoints';
import { readSafetensorsFile } from '@attune/checkpoints/node';
import { recordFileName, type TrialConfig, type TrialRecord } from '@attune/records';

type TrialName = { readonly key: string; readonly config: TrialConfig };

/** Where an experiment's output folder has what a trial trained: `weights/<record's name>.safetensors`. */
function weightsFile(output: string, trial: TrialName): string {
  return join(output, 'weights', recordFileName(trial).replace(/\.json$/, '.safetensors'));
}

/** Whether what the trial trained lies beside its record. */
export function hasWeights(output: string, trial: TrialName): boolean {
  return existsSync(weightsFile(output, trial));
}

/** Keeps the trainable values of a finished trial, atomically. @throws ConfigError when they cannot be written */
export async function writeWeights(output: string, trial: TrialName, values: HostTensors): Promise<void> {
  const metadata = { format: 'pt', trial: trial.key, parameterHash: hashTensors(values) };
  await writeAtomically(weightsFile(output, trial), writeSafetensors(values, metadata));
}

/**
 * The trained values beside a trial's record; undefined when they were not saved.
 *
 * @throws ConfigError when they are not the ones its record speaks of
 */
export async function readWeights(output: string, record: TrialRecord): Promise<HostTensors | undefined> {
  if (!hasWeights(output, record)) return undefined;
  const file = weightsFile(output, record);
  const { tensors } = await readSafetensorsFile(file);
  const hash = hashTensors(tensors);
  if (hash === record.parameterHash) return tensors;
  throw new ConfigError(
    `${displayPath(file)}: expected the parameters of the record, hash ${shortHash(record.parameterHash)}, found ` +
      `${shortHash(hash)}; delete the file to train the trial again`,
  );
}

/** The beginning of a hash, for messages. */
export function shortHash(hash: string | undefined): string {
  return hash === undefined ? 'none' : hash.slice(0, 12);
}
