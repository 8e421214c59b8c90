import { createTokenizer, wordPieceTokenizerJson } from '@attune/tokenizer';
import { expect, it } from 'vitest';
import { probeInstance } from './probe-instance.ts';

// Every printable character of ASCII is a token, alone and within a word.
const characters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const tokenizer = createTokenizer({
  tokenizer: wordPieceTokenizerJson([...characters, ...characters.map((character) => `##${character}`)]),
});
const relation = { relation: 'P', template: '[X] works in [Y] .' };

it.each(['Joey Bada$$', 'Ca$h $& Co', "A$'s", 'A$`s', '$1 $<name>', '[X]', '[Y] of [X]', 'a\\b'])(
  'writes a subject into the template as it is: %s',
  (subject) => {
    const fact = { sub_label: subject, obj_label: 'red' };
    const { sequence } = probeInstance({ relation, fact, tokenizer, maxLength: 64, label: 0 });
    const { cls, mask, sep } = tokenizer.specialIds;
    const before = [cls, ...tokenizer.encode(`${subject} works in`)];
    expect(sequence.inputIds).toEqual([...before, mask, ...tokenizer.encode('.'), sep]);
    expect(sequence.maskPositions).toEqual([before.length]);
  },
);
