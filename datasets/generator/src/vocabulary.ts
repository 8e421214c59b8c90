import { frequentWords, patternWords, pieces } from './english.ts';

const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const marks = '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~';

/** Every word of the texts whole, then frequent words; single characters so that nothing is unknown. */
export function createVocabulary(texts: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) words.add(word);
  for (const word of [...patternWords, ...frequentWords]) words.add(word);
  const characters = [...marks, ...letters, ...[...letters].map((letter) => `##${letter}`)];
  const whole = [...words].filter((word) => word.length > 1).sort();
  return [...new Set([...specials, ...characters, ...pieces, ...whole])];
}
