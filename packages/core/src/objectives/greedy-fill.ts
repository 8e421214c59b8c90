import type { FillInstance, InstanceOutput } from '../contracts/instance.ts';

/**
 * Fills masks one at a time, the most confident first: run the model, take the (mask, token) pair of the highest
 * probability, write the token in, repeat. Schick and Schütze 2021 ("It's Not Just Size That Matters"), section 3.2.
 *
 * @param predict  one pass: for each instance the best id (`filledIds`) and its log-probability (`scores`) per mask
 * @returns        ids in mask order, and the log-probability each had when it was written
 */
export async function greedyFill(
  instances: readonly FillInstance[],
  predict: (instances: readonly FillInstance[]) => Promise<readonly InstanceOutput[]>,
): Promise<InstanceOutput[]> {
  const fills = instances.map(startFill);
  for (;;) {
    const open = fills.filter(({ sequence }) => sequence.maskPositions.length > 0);
    if (open.length === 0) return fills.map(finished);
    const outputs = await predict(open.map(({ sequence }) => ({ kind: 'fill', sequence })));
    open.forEach((fill, index) => {
      fillMostConfident(fill, outputs[index]!);
    });
  }
}

interface Fill {
  readonly positions: readonly number[];
  readonly written: Map<number, { readonly id: number; readonly score: number }>;
  sequence: FillInstance['sequence'];
}

function startFill({ sequence }: FillInstance): Fill {
  return { positions: sequence.maskPositions, written: new Map(), sequence };
}

function fillMostConfident(fill: Fill, { scores, filledIds = [] }: InstanceOutput): void {
  const { sequence } = fill;
  // Of equal probabilities the first mask wins. With NaN scores none is greater, so the first one does too.
  let best = 0;
  for (let mask = 1; mask < scores.length; mask++) if (scores[mask]! > scores[best]!) best = mask;
  const position = sequence.maskPositions[best]!;
  const id = filledIds[best]!;
  fill.written.set(position, { id, score: scores[best]! });
  fill.sequence = {
    ...sequence,
    inputIds: sequence.inputIds.with(position, id),
    maskPositions: sequence.maskPositions.filter((other) => other !== position),
  };
}

function finished({ positions, written }: Fill): InstanceOutput {
  const inOrder = positions.map((position) => written.get(position)!);
  return { scores: inOrder.map(({ score }) => score), filledIds: inOrder.map(({ id }) => id) };
}
