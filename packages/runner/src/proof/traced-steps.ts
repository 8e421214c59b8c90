import type { HostTensors, StepDefinition } from '@attune/core';
import { fingerprintStep, type StepFingerprint } from '@attune/engine';
import { hashTexts } from './hash-parts.ts';

export interface TraceCall {
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
export class ShapeCollector {
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
