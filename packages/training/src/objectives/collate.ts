import { DatasetError, floatTensor, type HostTensor, type HostTensors, hostTensor, ShapeError } from '@attune/base';
import type { EncodedSequence, Instance } from '@attune/core';
import type { BatchShape } from './objective.ts';

/** What `collateSequences` makes: tensors whose first axis counts sequences, each independent of the others. */
export const sequenceInputs = ['inputIds', 'tokenTypeIds', 'attentionMask', 'positions', 'virtualTokenIndex'] as const;

/**
 * Sequences as the model's inputs: inputIds, tokenTypeIds and attentionMask, int32 [sequences, length], and
 * virtualTokenIndex (k for the k-th pseudo token, from 1) when there are any. With padding on the left there are also
 * the positions of tokens in their sequences (0 at padding), since the left edge does not say.
 *
 * @throws ShapeError when a sequence is longer than the batch or has the wrong number of pseudo tokens
 */
export function collateSequences(sequences: readonly EncodedSequence[], shape: BatchShape): Map<string, HostTensor> {
  const { length, padId, numVirtualTokens } = shape;
  const size = sequences.length * length;
  const inputIds = new Int32Array(size).fill(padId);
  const tokenTypeIds = new Int32Array(size);
  const attentionMask = new Int32Array(size);
  const positions = new Int32Array(size);
  const virtualTokenIndex = new Int32Array(size);
  sequences.forEach((sequence, row) => {
    checkSequence(sequence, shape);
    const start = sequenceStart(sequence, row, shape);
    inputIds.set(sequence.inputIds, start);
    tokenTypeIds.set(sequence.tokenTypeIds, start);
    attentionMask.fill(1, start, start + sequence.inputIds.length);
    sequence.inputIds.forEach((_, position) => {
      positions[start + position] = position;
    });
    sequence.virtualTokenPositions.forEach((position, index) => {
      virtualTokenIndex[start + position] = index + 1;
    });
  });
  const tensor = (data: Int32Array) => hostTensor([sequences.length, length], data);
  const inputs = new Map([
    ['inputIds', tensor(inputIds)],
    ['tokenTypeIds', tensor(tokenTypeIds)],
    ['attentionMask', tensor(attentionMask)],
  ]);
  if (shape.paddingSide === 'left') inputs.set('positions', tensor(positions));
  if (numVirtualTokens > 0) inputs.set('virtualTokenIndex', tensor(virtualTokenIndex));
  return inputs;
}

/** Where a sequence of a batch begins among the batch's flattened positions. */
export function sequenceStart(
  { inputIds }: EncodedSequence,
  row: number,
  { length, paddingSide }: Pick<BatchShape, 'length' | 'paddingSide'>,
): number {
  return row * length + (paddingSide === 'left' ? length - inputIds.length : 0);
}

function checkSequence(sequence: EncodedSequence, { length, numVirtualTokens }: BatchShape): void {
  const given = sequence.inputIds.length;
  if (given > length) {
    throw new ShapeError(
      `collate: a sequence of ${given} tokens does not fit a batch of length ${length}; truncate it`,
    );
  }
  if (sequence.tokenTypeIds.length !== given) {
    throw new ShapeError(`collate: ${given} inputIds came with ${sequence.tokenTypeIds.length} tokenTypeIds`);
  }
  const pseudo = sequence.virtualTokenPositions.length;
  if (pseudo > numVirtualTokens) {
    throw new ShapeError(
      `collate: a sequence has ${pseudo} pseudo tokens, the method has ${numVirtualTokens}; ` +
        'formulate the task with the numVirtualTokens of the attachment',
    );
  }
}

/**
 * Fills a last, partial batch with copies of its first element. Copies are ordinary sequences, so nothing in them
 * can become NaN, and their weight of 0 keeps them out of the loss.
 *
 * @throws ShapeError when there is nothing to copy or more than the batch holds
 */
export function fillUp<T>(elements: readonly T[], batchSize: number): T[] {
  const first = elements[0];
  if (first === undefined || elements.length > batchSize) {
    throw new ShapeError(`collate: expected 1 to ${batchSize} instances, got ${elements.length}`);
  }
  return Array.from({ length: batchSize }, (_, index) => elements[index] ?? first);
}

/** 1 for each real example, 0 for each that only fills the batch: [batch]. */
export function exampleWeights(count: number, batchSize: number): HostTensor {
  return floatTensor(
    [batchSize],
    Array.from({ length: batchSize }, (_, index) => (index < count ? 1 : 0)),
  );
}

/**
 * Labels as one row each with a single 1: [batch, numLabels].
 *
 * @throws DatasetError when a label is missing or outside the set
 */
export function oneHotLabels(labels: readonly (number | undefined)[], numLabels: number): HostTensor {
  const data = new Float32Array(labels.length * numLabels);
  labels.forEach((label, row) => {
    if (label === undefined)
      throw new DatasetError('collate: a training instance has no label; train on labelled rows');
    if (!(Number.isInteger(label) && label >= 0 && label < numLabels)) {
      throw new DatasetError(`collate: label ${label} is outside 0 to ${numLabels - 1}`);
    }
    data[row * numLabels + label] = 1;
  });
  return hostTensor([labels.length, numLabels], data);
}

/** Instances of one kind, as their type. @throws ShapeError when another kind is among them */
export function ofKind<Kind extends Instance['kind']>(
  instances: readonly Instance[],
  kind: Kind,
): Extract<Instance, { kind: Kind }>[] {
  return instances.map((instance) => {
    if (!isKind(instance, kind))
      throw new ShapeError(`collate: expected ${kind} instances, got one of ${instance.kind}`);
    return instance;
  });
}

function isKind<Kind extends Instance['kind']>(
  instance: Instance,
  kind: Kind,
): instance is Extract<Instance, { kind: Kind }> {
  return instance.kind === kind;
}

/** The data of one named output. @throws ShapeError when the step did not give it */
export function outputData(outputs: HostTensors, name: string): Float32Array | Int32Array {
  const output = outputs.get(name);
  if (output === undefined)
    throw new ShapeError(`read: expected an output "${name}", got ${[...outputs.keys()].join(', ')}`);
  return output.data;
}

/** Rows of a [rows, columns] output for the first `count` rows. */
export function outputRows(outputs: HostTensors, name: string, count: number): number[][] {
  const data = outputData(outputs, name);
  const columns = outputs.get(name)?.shape[1] ?? 1;
  return Array.from({ length: count }, (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns)));
}
