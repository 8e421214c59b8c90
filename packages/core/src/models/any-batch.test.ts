import type { HostTensors } from '@attune/base';
import { expectAllClose, tinyBert, tinyFamilies } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import type { Model, ModelInputs } from '../contracts/model.ts';
import { fromTensor, toTensors } from '../device-tensors.ts';
import { evaluationContext } from './layers/dropout.ts';

const bert = { title: 'bert', subject: tinyBert() };
const families = [bert, ...tinyFamilies()];
/** Sums may be taken in another order when shapes differ. */
const sameValues = { relative: 1e-5, absolute: 2e-5 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Placed {
  readonly sequence: readonly number[];
  /** Where it begins in its row. */
  readonly start: number;
}

/** Rows of `length`; padding is filled with a token that occurs, so that the mask alone tells it. */
function inputsOf(rows: readonly Placed[], length: number, filler: number): ModelInputs {
  const at = (fill: (place: number, own: readonly number[]) => number) =>
    tf.tensor2d(
      rows.flatMap(({ sequence, start }) => Array.from({ length }, (_, place) => fill(place - start, sequence))),
      [rows.length, length],
      'int32',
    );
  return {
    inputIds: at((place, own) => own[place] ?? filler),
    tokenTypeIds: at((place, own) => (place > 1 && place < own.length ? 1 : 0)),
    attentionMask: at((place, own) => (place >= 0 && place < own.length ? 1 : 0)),
    positions: at((place, own) => (place >= 0 && place < own.length ? place : 0)),
  };
}

/** Last hidden states of each sequence, without padding. */
function encoded(model: Model, values: HostTensors, rows: readonly Placed[], length: number, filler = 7): HostTensors {
  const outputs = new Map<string, ReturnType<typeof fromTensor>>();
  tf.tidy(() => {
    const inputs = inputsOf(rows, length, filler);
    const { last } = model.encode({ parameters: toTensors(values), inputs, hooks: {}, context: evaluationContext });
    rows.forEach(({ sequence, start }, row) => {
      const own = tf.squeeze(tf.slice(last, [row, start, 0], [1, sequence.length, model.hiddenSize]), [0]);
      outputs.set(sequence.join(), fromTensor(own));
    });
  });
  return outputs;
}

const sequences = fc.uniqueArray(fc.array(fc.integer({ min: 5, max: 49 }), { minLength: 1, maxLength: 9 }), {
  ...{ minLength: 1, maxLength: 4 },
  selector: (sequence) => sequence.join(),
});
/** A batch, the order of its rows, how much padding it has, what stands there, and the share of it on the left. */
const batches = sequences.chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    order: fc.shuffledSubarray(rows, { minLength: rows.length }),
    room: fc.integer({ min: 0, max: 5 }),
    filler: fc.integer({ min: 0, max: 49 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: rows.length, maxLength: rows.length }),
  }),
);

describe.each(families)('$title', ({ subject: { model, values } }) => {
  it('gives a sequence the same whatever stands beside it, in any row, with any padding on either side', () => {
    fc.assert(
      fc.property(batches, ({ rows, order, room, filler, shares }) => {
        const alone = new Map(
          rows.flatMap((sequence) => [...encoded(model, values, [{ sequence, start: 0 }], sequence.length)]),
        );
        const length = Math.max(...rows.map((row) => row.length)) + room;
        const placed = order.map((sequence, row) => ({
          sequence,
          start: Math.floor(shares[row]! * (length - sequence.length)),
        }));
        expectAllClose(encoded(model, values, placed, length, filler), ordered(alone, order), sameValues);
      }),
      { numRuns: 12, seed: 1 },
    );
  });
});

/** In the order of the rows, as the batch gives them. */
function ordered(outputs: HostTensors, order: readonly (readonly number[])[]): HostTensors {
  return new Map(order.map((sequence) => [sequence.join(), outputs.get(sequence.join())!]));
}
