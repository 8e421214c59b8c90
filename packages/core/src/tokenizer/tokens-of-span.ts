import type { OffsetEncoding } from './tokenizer.ts';

/**
 * The tokens that a span of the text touches, as positions [first, end) of an encoding: a marked word's, a mention's.
 *
 * @param span  [start, end) in JavaScript's UTF-16 units
 * @returns undefined when no token stands there, as in white space or in what a normalizer takes away
 */
export function tokensOfSpan(
  { offsets }: Pick<OffsetEncoding, 'offsets'>,
  span: { readonly start: number; readonly end: number },
): readonly [first: number, end: number] | undefined {
  const touches = ([start, end]: readonly [number, number]) => start < span.end && end > span.start;
  const first = offsets.findIndex(touches);
  return first < 0 ? undefined : [first, offsets.findLastIndex(touches) + 1];
}
