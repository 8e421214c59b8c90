import { createHash, type Hash } from 'node:crypto';
import {
  type Formulated,
  type HostTensors,
  hashTensors,
  type Instance,
  type RehearsedStep,
  sequencesOf,
} from '@attune/core';

/** sha256 in hex of texts, one after the other; a mark between two keeps them apart. */
export function hashTexts(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}

/** What rows of one split became: labels, instances, and the batches collated of them, added one by one. */
export class SplitHash {
  readonly #hash: Hash = createHash('sha256');

  constructor({ kind, labels, verbalizer, instances }: Formulated<unknown>) {
    this.#hash.update(JSON.stringify([kind, labels, verbalizer ?? null]));
    for (const instance of instances) this.#hash.update(instanceText(instance));
  }

  add(batch: HostTensors): void {
    this.#hash.update(hashTensors(batch));
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** What an instance says, whatever the order of its fields. */
function instanceText(instance: Instance): string {
  const label = 'label' in instance ? instance.label : undefined;
  const targets = 'targets' in instance ? instance.targets : undefined;
  const sequences = sequencesOf(instance).map(({ inputIds, tokenTypeIds, maskPositions, virtualTokenPositions }) => [
    inputIds,
    tokenTypeIds,
    maskPositions,
    virtualTokenPositions,
  ]);
  return JSON.stringify([instance.kind, label ?? null, targets ?? null, sequences]);
}

/** When a training does what: of each step its batch, its learning rate, and whether an evaluation follows. */
export class TimetableHash {
  readonly #hash: Hash = createHash('sha256');

  add({ step, indices, learningRate, isEvaluation }: RehearsedStep): void {
    this.#hash.update(JSON.stringify([step, indices, learningRate, isEvaluation]));
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
