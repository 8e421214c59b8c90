import type { FillInstance, InstanceOutput } from '../contracts/instance.ts';

/**
 * Fills masks one at a time, the most confident first: run the model, take the (mask, token) pair of the highest
 * probability, write the token in, repeat. Schick and Schütze 2021 ("It's Not Just Size That Matters"), section 3.2.
 *
 * Every pass reads all instances at all their masks, written or not, because a batch that keeps its shape needs no
 * new compilation; what it says about written masks is not used.
 *
 * @param predict  one pass: for each instance the best id (`filledIds`) and its log-probability (`scores`) per mask
 * @returns        ids in mask order, and the log-probability each had when it was written
 */
export async function greedyFill(
  instances: readonly FillInstance[],
  predict: (instances: readonly FillInstance[]) => Promise<readonly InstanceOutput[]>,
): Promise<InstanceOutput[]> {
  const fills = instances.map(startFill);
  while (fills.some(isOpen)) {
    const outputs = await predict(fills.map(({ instance }) => instance));
    fills.forEach((fill, index) => {
      if (isOpen(fill)) writeMostConfident(fill, outputs[index]!);
    });
  }
  return fills.map(({ scores, ids }) => ({ scores: scores.map((score) => score!), filledIds: ids.map((id) => id!) }));
}

/** Ids and scores by mask; undefined where nothing is written yet. */
interface Fill {
  instance: FillInstance;
  readonly ids: (number | undefined)[];
  readonly scores: (number | undefined)[];
}

function startFill({ sequence }: FillInstance): Fill {
  const empty = () => sequence.maskPositions.map(() => undefined);
  return { instance: { kind: 'fill', sequence }, ids: empty(), scores: empty() };
}

function isOpen({ ids }: Fill): boolean {
  return ids.includes(undefined);
}

/** Of equal probabilities the first mask wins. */
function writeMostConfident(fill: Fill, { scores, filledIds = [] }: InstanceOutput): void {
  const open = [...fill.ids.keys()].filter((mask) => fill.ids[mask] === undefined);
  const best = open.reduce((winner, mask) => (scores[mask]! > scores[winner]! ? mask : winner));
  fill.ids[best] = filledIds[best]!;
  fill.scores[best] = scores[best]!;
  const { sequence } = fill.instance;
  const inputIds = sequence.inputIds.with(sequence.maskPositions[best]!, filledIds[best]!);
  fill.instance = { kind: 'fill', sequence: { ...sequence, inputIds } };
}
