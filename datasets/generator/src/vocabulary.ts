import { frequentWords, patternWords, pieces } from './english.ts';

const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const marks = '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~';

/** Every word of the texts whole, then frequent words; single characters so that nothing is unknown. */
export function createVocabulary(texts: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) for (const word of plain(text).match(/[a-z0-9]+/g) ?? []) words.add(word);
  for (const word of [...patternWords, ...frequentWords]) words.add(word);
  const characters = [...marks, ...letters, ...[...letters].map((letter) => `##${letter}`)];
  const whole = [...words].filter((word) => word.length > 1 && !/^\d+$/.test(word)).sort();
  return [...new Set([...specials, ...characters, ...pieces, ...whole])];
}

/** Lower case without accents, as the tokenizer reads it. */
const plain = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
