import { createHash } from 'node:crypto';
import type { HostTensors, StepDefinition } from '@attune/base';
import { countFlops, hashGraph } from '@attune/graph';
import { type StepTypes, traceStep } from './trace-step.ts';

/** What a step computes for one set of batch shapes, on whatever engine. */
export interface StepFingerprint {
  /** sha256 in hex of the traced graph, and of the noise that the step asks for: site, shape and rate. */
  readonly hash: string;
  /** Floating-point operations of one call. */
  readonly flops: number;
}

/**
 * Traces a step, without running it: two functions that do the same operations on the same inputs in the same order
 * have one fingerprint, however they are written.
 *
 * @throws TraceError, ShapeError as `traceStep`
 */
export function fingerprintStep(
  definition: Pick<StepDefinition, 'name' | 'run'>,
  types: StepTypes,
  batch: HostTensors,
): StepFingerprint {
  const { graph, noise } = traceStep(definition, types, batch);
  const requests = [...noise.values()].map(({ site, shape, rate }) => [site, shape, rate]);
  const hash = createHash('sha256').update(hashGraph(graph)).update(JSON.stringify(requests)).digest('hex');
  return { hash, flops: countFlops(graph) };
}
