import type { Random } from '../random.ts';

const onsets = 'b br d dr f fl g gl gr h j k kr l m n p pl pr r s sk sl st t tr v z'.split(' ');
const vowels = 'a e i o u'.split(' ');
const codas = 'l m n r s sk th x nd rt lm'.split(' ');
const endings = { male: ['o', 'us', 'ek'], female: ['a', 'ia', 'elle'], thing: ['', 'it', 'ob', 'un', 'et', 'ar'] };

export type NameStyle = keyof typeof endings;
export type Gender = Exclude<NameStyle, 'thing'>;

/** A maker of words no one has used: one or two syllables and an ending, never twice the same, never a taken one. */
export function createNameMaker(random: Random, taken: ReadonlySet<string>): (style: NameStyle) => string {
  const used = new Set(taken);
  return (style) => {
    for (;;) {
      const syllable = (): string => random.pick(onsets) + random.pick(vowels);
      const word = syllable() + random.pick(onsets).slice(0, 1) + random.pick(vowels) + random.pick(codas);
      const name =
        style === 'thing' ? word + random.pick(endings.thing) : word.slice(0, -1) + random.pick(endings[style]);
      if (name.length >= 4 && name.length <= 8 && !used.has(name)) {
        used.add(name);
        return name;
      }
    }
  };
}
