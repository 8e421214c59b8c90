import { type HostTensor, type HostTensors, hostTensor, intTensor } from '@attune/core';

/** Where padding stands. */
export type Side = 'left' | 'right';

/**
 * The same sequences padded to `length` on either side, from a batch padded on the right; with positions when the
 * padding is on the left. Padding is filled with a token and a segment that occur, so that only the mask tells it.
 */
export function paddedBatch(batch: HostTensors, length: number, side: Side): HostTensors {
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
export function hasPositions({ shape }: HostTensor, batch: HostTensors): boolean {
  return shape.slice(0, 2).join() === batch.get('attentionMask')!.shape.join();
}

/** The real positions of [batch, length, width] or [batch, length], one row each; the batch's mask says which they are. */
export function realRows(tensor: HostTensor, batch: HostTensors): HostTensor {
  const width = tensor.shape[2] ?? 1;
  const mask = [...batch.get('attentionMask')!.data];
  const rows = mask.flatMap((real, row) => (real === 1 ? [...tensor.data.slice(row * width, (row + 1) * width)] : []));
  return hostTensor([rows.length / width, width], Float32Array.from(rows));
}

/** Number of tokens of each sequence. */
export function sequenceLengths(batch: HostTensors): number[] {
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
