import { type HostTensor, type HostTensors, intTensor, ShapeError } from '@attune/base';
import type { CandidatesInstance, EncodedSequence, FillInstance, Instance, InstanceOutput } from '@attune/core';
import { sequencesOf } from '../loop/timetable.ts';
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

/**
 * What the logits of `createInference` say about the instances they were computed for, in the terms of evaluation:
 * scores of labels, choices or candidates; for a fill, one pass of best ids and their log-probabilities.
 *
 * @param logits  of the batch that `inferenceBatch` makes of the instances
 */
export function readLogits(logits: HostTensor, instances: readonly Instance[]): InstanceOutput[] {
  let row = 0;
  return instances.map((instance) => {
    switch (instance.kind) {
      case 'candidates': {
        const scores = instance.sequences.map((_, index) => candidateScore(logits, row + index, { instance, index }));
        row += scores.length;
        return { scores };
      }
      case 'fill':
        return bestTokens(logits, row++, instance);
      default: {
        const columns = logits.shape[1]!;
        return { scores: Array.from(logits.data.subarray(row * columns, ++row * columns)) };
      }
    }
  });
}

/** Σ over the candidate's masks of log p(token). */
function candidateScore(
  logits: HostTensor,
  row: number,
  { instance, index }: { readonly instance: CandidatesInstance; readonly index: number },
): number {
  const { maskPositions } = instance.sequences[index]!;
  const targets = instance.targets[index] ?? [];
  return maskPositions.reduce((sum, position, mask) => {
    const values = vocabularyAt(logits, row, position);
    return sum + values[targets[mask]!]! - logSumExp(values);
  }, 0);
}

function bestTokens(logits: HostTensor, row: number, { sequence }: FillInstance): InstanceOutput {
  const best = sequence.maskPositions.map((position) => {
    const values = vocabularyAt(logits, row, position);
    const id = values.reduce((winner, value, index) => (value > values[winner]! ? index : winner), 0);
    return { id, score: values[id]! - logSumExp(values) };
  });
  return { scores: best.map(({ score }) => score), filledIds: best.map(({ id }) => id) };
}

function vocabularyAt({ data, shape }: HostTensor, row: number, position: number): Float32Array {
  const [, length = 0, vocabSize = 0] = shape;
  const start = (row * length + position) * vocabSize;
  return (data as Float32Array).subarray(start, start + vocabSize);
}

function logSumExp(values: Float32Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
