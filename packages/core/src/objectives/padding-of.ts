import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Padding } from './objective.ts';

/** How sequences of a tokenizer are filled up: with its own token, on its own side. */
export function paddingOf({ specialIds, paddingSide }: Pick<Tokenizer, 'specialIds' | 'paddingSide'>): Padding {
  return { padId: specialIds.pad, paddingSide };
}
