import type { EncodedSequence, Instance } from '../contracts/instance.ts';
import { ShapeError } from '../errors.ts';

/**
 * The length a batch is padded to: the next of 16, 24, 32, 48, 64, 96, 128, 192, … (powers of two and the midpoints
 * between them), at most `maxLength`. Few lengths mean few compiled shapes; at most a third is padding.
 *
 * @throws ShapeError when the sequence is longer than maxLength
 */
export function bucketLength(length: number, maxLength: number): number {
  if (length > maxLength) {
    throw new ShapeError(
      `batch: a sequence has ${length} tokens, maxLength is ${maxLength}; truncate it when formulating`,
    );
  }
  let bucket = 16;
  while (bucket < length) bucket = Number.isInteger(Math.log2(bucket)) ? bucket * 1.5 : (bucket / 3) * 4;
  return Math.min(bucket, maxLength);
}

/** Length of an instance's longest sequence. */
export function instanceLength(instance: Instance): number {
  return Math.max(...sequencesOf(instance).map(({ inputIds }) => inputIds.length));
}

/** The sequences of an instance: one, or one for each choice or candidate. */
export function sequencesOf(instance: Instance): readonly EncodedSequence[] {
  return 'sequences' in instance ? instance.sequences : [instance.sequence];
}
