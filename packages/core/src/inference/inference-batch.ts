import type { EncodedSequence, Instance } from '../contracts/instance.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import { ShapeError } from '../errors.ts';
import { intTensor } from '../tensor/host-tensor.ts';
import { sequencesOf } from '../training/length-buckets.ts';
import type { InferenceTokens } from './inference.ts';

/** The ids of a sequence with its pseudo tokens spelled out, as `createInference` reads them. */
export function inferenceIds(sequence: EncodedSequence, tokens: InferenceTokens): number[] {
  const ids = [...sequence.inputIds];
  sequence.virtualTokenPositions.forEach((position, index) => {
    ids[position] = tokens.firstVirtual + index;
  });
  return ids;
}

/**
 * Instances as the inputs of `createInference`, padded on the right.
 *
 * @param call.length  of the longest sequence when absent
 * @throws ShapeError when choices are not equally many
 */
export function inferenceBatch(call: {
  readonly instances: readonly Instance[];
  readonly tokens: InferenceTokens;
  readonly padId: number;
  readonly length?: number;
}): HostTensors {
  const { instances, tokens, padId } = call;
  const sequences = instances.flatMap(sequencesOf);
  const length = call.length ?? Math.max(...sequences.map(({ inputIds }) => inputIds.length));
  const shape = [...leadingAxes(instances, sequences.length), length];
  const padded = (rows: readonly (readonly number[])[], filling: number) =>
    intTensor(
      shape,
      rows.flatMap((row) => [...row, ...new Array<number>(length - row.length).fill(filling)]),
    );
  return new Map([
    [
      'input_ids',
      padded(
        sequences.map((sequence) => inferenceIds(sequence, tokens)),
        padId,
      ),
    ],
    [
      'attention_mask',
      padded(
        sequences.map(({ inputIds }) => inputIds.map(() => 1)),
        0,
      ),
    ],
    [
      'token_type_ids',
      padded(
        sequences.map(({ tokenTypeIds }) => tokenTypeIds),
        0,
      ),
    ],
  ]);
}

function leadingAxes(instances: readonly Instance[], sequences: number): number[] {
  if (instances[0]?.kind !== 'choice') return [sequences];
  const numChoices = sequencesOf(instances[0]).length;
  if (instances.some((instance) => sequencesOf(instance).length !== numChoices)) {
    throw new ShapeError(
      `inference: expected ${numChoices} choices in each instance; run others in a batch of their own`,
    );
  }
  return [instances.length, numChoices];
}
