import type { RandomSource } from '@attune/base';
import type { EncodedSequence, Instance } from '@attune/core';
import type { HeadName } from './cell.ts';
import type { Shape } from './shapes.ts';

/** Ids below are special tokens of a BERT vocabulary; none is drawn as a word. */
const firstWord = 110;
export const numLabels = 2;
/** The words of each label of the cloze. */
export const verbalizer = [[firstWord], [firstWord + 1, firstWord + 2]] as const;

/**
 * Random sequences of three quarters of the length to all of it, so that both sides mask padding as they do in real
 * training. Pseudo tokens follow the first token; a cloze's mask is the last but one.
 */
export function randomInstances(call: {
  readonly shape: Shape;
  readonly head: HeadName;
  readonly numVirtualTokens: number;
  readonly random: RandomSource;
}): Instance[] {
  const { shape, head, random } = call;
  return Array.from({ length: shape.batchSize }, (_, row) => {
    const sequence = randomSequence(call, random.fork(row), row);
    const label = row % numLabels;
    return head === 'cloze' ? { kind: 'cloze', sequence, label } : { kind: 'classification', sequence, label };
  });
}

function randomSequence(
  { shape, head, numVirtualTokens }: Parameters<typeof randomInstances>[0],
  random: RandomSource,
  row: number,
): EncodedSequence {
  const shortest = Math.ceil(0.75 * shape.length);
  const length = row === 0 ? shape.length : shortest + random.integer(shape.length - shortest + 1);
  return {
    inputIds: Array.from({ length }, () => firstWord + random.integer(shape.config.vocab_size - firstWord)),
    tokenTypeIds: Array.from({ length }, (_, position) => (position < length / 2 ? 0 : 1)),
    maskPositions: head === 'cloze' ? [length - 2] : [],
    virtualTokenPositions: Array.from({ length: numVirtualTokens }, (_, index) => 1 + index),
  };
}
