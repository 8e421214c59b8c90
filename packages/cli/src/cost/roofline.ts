import type { NodeWork } from '@attune/graph';
import type { Hardware } from './hardware.ts';

/**
 * Time of one step in seconds: each node takes what its arithmetic or its memory traffic takes, whichever is more,
 * one node after the other. Williams et al. 2009, "Roofline". With a data sheet's peaks no real step is faster.
 */
export function stepSeconds(
  nodes: readonly Pick<NodeWork, 'flops' | 'bytes'>[],
  { flopsPerSecond, bytesPerSecond }: Pick<Hardware, 'flopsPerSecond' | 'bytesPerSecond'>,
): number {
  return nodes.reduce((sum, { flops, bytes }) => sum + Math.max(flops / flopsPerSecond, bytes / bytesPerSecond), 0);
}

export interface EpochCall {
  readonly examples: number;
  readonly batchSize: number;
}

/** Time of one epoch in seconds; a last, partial batch is filled up and takes as long as a full one. */
export function epochSeconds(secondsOfStep: number, { examples, batchSize }: EpochCall): number {
  return Math.ceil(examples / batchSize) * secondsOfStep;
}
