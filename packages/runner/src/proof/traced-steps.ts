import { createHash, type Hash } from 'node:crypto';
import { type HostTensors, hashTensors, type StepDefinition } from '@attune/base';
import type { Formulated, Instance } from '@attune/core';
import { fingerprintStep, type StepFingerprint } from '@attune/engine';
import { type RehearsedStep, sequencesOf } from '@attune/training';

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

/** A step as it would be run: the function, and the tensors that it is given. */
interface TraceCall {
  readonly name: 'train' | 'evaluate';
  readonly run: StepDefinition['run'];
  readonly state: HostTensors;
  readonly frozen: HostTensors;
}

/**
 * Traces of the steps of one group of trials, which differ in the seed alone: the same function of the same shapes is
 * traced once. Of an earlier group nothing is kept.
 */
export class TracedSteps {
  #group: string | undefined;
  readonly #known = new Map<string, StepFingerprint>();

  /** @param group  equal for trials that run the same steps */
  of(group: string, call: TraceCall): ShapeCollector {
    if (group !== this.#group) this.#known.clear();
    this.#group = group;
    return new ShapeCollector(call, this.#known);
  }
}

/** The graphs of one step at all shapes that it meets. */
class ShapeCollector {
  readonly #call: TraceCall;
  readonly #known: Map<string, StepFingerprint>;
  readonly #met = new Map<string, string>();

  constructor(call: TraceCall, known: Map<string, StepFingerprint>) {
    this.#call = call;
    this.#known = known;
  }

  /** Takes a batch into account. @returns what is known of the step at its shapes */
  add(batch: HostTensors): StepFingerprint {
    const shapes = JSON.stringify([...batch].map(([name, { dtype, shape }]) => [name, dtype, shape]));
    const key = `${this.#call.name} ${shapes}`;
    const traced = this.#known.get(key) ?? this.#trace(batch);
    this.#known.set(key, traced);
    this.#met.set(shapes, traced.hash);
    return traced;
  }

  #trace(batch: HostTensors): StepFingerprint {
    const { name, run, state, frozen } = this.#call;
    return fingerprintStep({ name, run }, { state, frozen }, batch);
  }

  /** sha256 over all shapes met, in any order, and their graphs. */
  digest(): string {
    return hashTexts([...this.#met].map(([shapes, hash]) => `${shapes} ${hash}`).sort());
  }
}
