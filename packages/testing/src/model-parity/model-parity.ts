import { type HostTensor, type HostTensors, hostTensor, intTensor, type StepEngine } from '@attune/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAllClose } from '../closeness.ts';
import { type ParityCase, parityCases } from './parity-case.ts';
import { parityStep } from './parity-step.ts';

/** Where padding stands. */
type Side = 'left' | 'right';

/**
 * The same sequences padded to `length` on either side, from a batch padded on the right; with positions when the
 * padding is on the left. Padding is filled with a token and a segment that occur, so that only the mask tells it.
 */
function paddedBatch(batch: HostTensors, length: number, side: Side): HostTensors {
  const counts = sequenceLengths(batch);
  const start = (row: number) => (side === 'left' ? length - counts[row]! : 0);
  const place = (name: string, filler = batch.get(name)!.data[0]!) =>
    moved(batch.get(name)!, { counts, length, start, filler });
  const padded = new Map([...batch, ...['inputIds', 'tokenTypeIds'].map((name) => [name, place(name)] as const)]);
  const labels = batch.get('labels')!;
  // The least of them says that there is none.
  if (hasPositions(labels, batch)) padded.set('labels', place('labels', Math.min(...labels.data)));
  const at = (value: (row: number, position: number) => number) =>
    intTensor(
      [counts.length, length],
      counts.flatMap((_, row) => Array.from({ length }, (_, position) => value(row, position - start(row)))),
    );
  padded.set(
    'attentionMask',
    at((row, position) => (position >= 0 && position < counts[row]! ? 1 : 0)),
  );
  if (side === 'left')
    padded.set(
      'positions',
      at((_, position) => Math.max(0, position)),
    );
  return padded;
}

/** Whether a tensor has a value, or a row of them, for each position of the batch. */
function hasPositions({ shape }: HostTensor, batch: HostTensors): boolean {
  return shape.slice(0, 2).join() === batch.get('attentionMask')!.shape.join();
}

/** The real positions of [batch, length, width] or [batch, length], one row each; the batch's mask says which they are. */
function realRows(tensor: HostTensor, batch: HostTensors): HostTensor {
  const width = tensor.shape[2] ?? 1;
  const mask = [...batch.get('attentionMask')!.data];
  const rows = mask.flatMap((real, row) => (real === 1 ? [...tensor.data.slice(row * width, (row + 1) * width)] : []));
  return hostTensor([rows.length / width, width], Float32Array.from(rows));
}

/** Number of tokens of each sequence. */
function sequenceLengths(batch: HostTensors): number[] {
  const { data, shape } = batch.get('attentionMask')!;
  const length = shape[1]!;
  return Array.from(
    { length: shape[0]! },
    (_, row) => [...data.slice(row * length, (row + 1) * length)].filter((real) => real === 1).length,
  );
}

function moved(
  { data, shape }: HostTensor,
  to: {
    readonly counts: readonly number[];
    readonly length: number;
    readonly start: (row: number) => number;
    readonly filler: number;
  },
): HostTensor {
  const filled = new Int32Array(to.counts.length * to.length).fill(to.filler);
  to.counts.forEach((count, row) => {
    const from = row * shape[1]!;
    filled.set(data.slice(from, from + count), row * to.length + to.start(row));
  });
  return hostTensor([to.counts.length, to.length], filled);
}

/** An engine that the suite disposes of when it can be. */
type ParityEngine = StepEngine & { readonly dispose?: () => Promise<void> };

/**
 * Every family and head beside the reference implementation, on one engine: hidden states of every layer, logits,
 * loss and the gradient of every parameter, whole tensors; `encodeRows` equal to gathering; padding without an effect.
 *
 * @param sides  where more padding is put; the batch as it is has some on the right
 */
export function modelParity(open: () => Promise<ParityEngine>, sides: readonly Side[] = ['right', 'left']): void {
  let engine: ParityEngine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.dispose?.());

  describe.each(parityCases())('$title', (of) => {
    it('computes hidden states, logits, loss and every gradient', async () => {
      const { rows, ...outputs } = Object.fromEntries(await run(engine, of, withRows(of.batch)));
      expectAllClose(new Map(Object.entries(outputs)), of.expected, of.tolerance);
      expect(Object.keys(outputs)).toHaveLength(of.model.numLayers + 3 + of.values.size);
      const last = of.expected.get(`hidden_states.${of.model.numLayers}`)!;
      expectAllClose(new Map([['rows', rows!]]), new Map([['rows', gathered(last, of.batch)]]), of.tolerance);
    });

    it.each(sides)('computes the same with padding on the %s', async (side) => {
      const outputs = await run(engine, of, withRows(longer(of, side)));
      expectAllClose(compared(outputs, longer(of, side)), compared(of.expected, of.batch), of.tolerance);
    });
  });
}

async function run(engine: StepEngine, of: ParityCase, batch: HostTensors): Promise<HostTensors> {
  const [state, frozen] = [engine.createStore(of.values), engine.createStore(new Map())];
  const step = engine.prepare({ name: `parity of ${of.title}`, run: parityStep(of), state, frozen });
  try {
    return await step.run(batch);
  } finally {
    step.dispose();
    state.dispose();
    frozen.dispose();
  }
}

/** Three more positions than the longest sequence has. */
function longer(of: ParityCase, side: Side): HostTensors {
  return paddedBatch(of.batch, of.batch.get('inputIds')!.shape[1]! + 3, side);
}

/** Every output but `rows`, what has a place for each position at the real ones alone. */
function compared(outputs: HostTensors, batch: HostTensors): HostTensors {
  return new Map(
    [...outputs]
      .filter(([name]) => name !== 'rows')
      .map(([name, tensor]) => [name, hasPositions(tensor, batch) ? realRows(tensor, batch) : tensor]),
  );
}

/** Two positions of each sequence: the last real one, and the one before it, in that order. */
function rowsOf(batch: HostTensors): number[] {
  const { data, shape } = batch.get('attentionMask')!;
  const length = shape[1]!;
  return sequenceLengths(batch).flatMap((_, row) => {
    const last = data.slice(row * length, (row + 1) * length).lastIndexOf(1);
    return [row * length + last, row * length + last - 1];
  });
}

function withRows(batch: HostTensors): HostTensors {
  const rows = rowsOf(batch);
  return new Map([...batch, ['rows', intTensor([rows.length / 2, 2], rows)]]);
}

/** The rows of [batch, length, width] that `rowsOf` names. */
function gathered({ data, shape }: HostTensor, batch: HostTensors): HostTensor {
  const width = shape[2]!;
  const rows = rowsOf(batch).flatMap((row) => [...data.slice(row * width, (row + 1) * width)]);
  return hostTensor([rows.length / width, width], Float32Array.from(rows));
}
