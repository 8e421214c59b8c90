import { type HostTensor, type HostTensors, hostTensor, intTensor, type StepEngine } from '@attune/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAllClose } from '../closeness.ts';
import { hasPositions, paddedBatch, realRows, type Side, sequenceLengths } from './padded-batch.ts';
import { type ParityCase, parityCases } from './parity-case.ts';
import { parityStep } from './parity-step.ts';

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
