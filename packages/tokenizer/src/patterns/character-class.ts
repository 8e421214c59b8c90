import {
  type CodePointSet,
  categorySet,
  charactersOf,
  codePointSet,
  lowerCase,
  whiteSpace,
} from '../unicode/code-point-set.ts';

const hexDigits = charactersOf([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]);
/** Every character. */
export const anyCharacter = charactersOf([0, 0x10ffff]);
/** Every character but a line's end. */
export const notNewline = charactersOf(0xa).complement();

const longNames: Readonly<Record<string, string>> = {
  letter: 'L',
  uppercaseletter: 'Lu',
  lowercaseletter: 'Ll',
  titlecaseletter: 'Lt',
  modifierletter: 'Lm',
  otherletter: 'Lo',
  mark: 'M',
  nonspacingmark: 'Mn',
  spacingmark: 'Mc',
  enclosingmark: 'Me',
  number: 'N',
  decimalnumber: 'Nd',
  letternumber: 'Nl',
  othernumber: 'No',
  punctuation: 'P',
  connectorpunctuation: 'Pc',
  dashpunctuation: 'Pd',
  openpunctuation: 'Ps',
  closepunctuation: 'Pe',
  initialpunctuation: 'Pi',
  finalpunctuation: 'Pf',
  otherpunctuation: 'Po',
  symbol: 'S',
  mathsymbol: 'Sm',
  currencysymbol: 'Sc',
  modifiersymbol: 'Sk',
  othersymbol: 'So',
  separator: 'Z',
  spaceseparator: 'Zs',
  lineseparator: 'Zl',
  paragraphseparator: 'Zp',
  other: 'C',
  control: 'Cc',
  format: 'Cf',
  unassigned: 'Cn',
};
const scripts = 'Arabic Bopomofo Cyrillic Devanagari Greek Han Hangul Hebrew Hiragana Katakana Latin Thai'.split(' ');

/** Classes by the names that stand in `\p{...}` and `[:...:]`, as Oniguruma has them. */
const named: Readonly<Record<string, () => CodePointSet>> = {
  alpha: () => codePointSet('alphabetic'),
  alphabetic: () => codePointSet('alphabetic'),
  alnum: () => charactersOf().addAll(codePointSet('alphabetic')).addAll(categorySet('Nd')!),
  digit: () => categorySet('Nd')!,
  lower: () => categorySet('Ll')!,
  upper: () => categorySet('Lu')!,
  space: () => whiteSpace,
  whitespace: () => whiteSpace,
  blank: () => charactersOf(0x9).addAll(categorySet('Zs')!),
  punct: () => charactersOf().addAll(categorySet('P')!).addAll(categorySet('S')!),
  cntrl: () => categorySet('Cc')!,
  word: () => codePointSet('regexWord'),
  xdigit: () => hexDigits,
  ascii: () => charactersOf([0, 0x7f]),
  any: () => anyCharacter,
};

/** The class of a property's name; upper and lower case, spaces and marks between words mean nothing. */
export function propertySet(name: string): CodePointSet | undefined {
  const isNegative = name.startsWith('^');
  const plain = name.replace(/[\s_^-]/g, '').toLowerCase();
  const category = longNames[plain] ?? (/^[a-z]{1,2}$/.test(plain) ? plain[0]!.toUpperCase() + plain.slice(1) : '');
  const script = scripts.find((each) => each.toLowerCase() === plain);
  const set =
    (Object.hasOwn(named, plain) ? named[plain]!() : undefined) ??
    (script === undefined ? categorySet(category) : codePointSet(`script${script}` as 'scriptHan'));
  return isNegative ? set?.complement() : set;
}

/** The class that an escaped letter stands for, `\s` and the like. */
export function escapedSet(letter: string): CodePointSet | undefined {
  const name = { d: 'digit', s: 'space', w: 'word', h: 'xdigit' }[letter.toLowerCase()];
  if (name === undefined) return undefined;
  const set = propertySet(name)!;
  return letter === letter.toLowerCase() ? set : set.complement();
}

/** Small letters that fold to others, or to the small letter of others. */
const folds: readonly (readonly [number, number])[] = [
  [0xb5, 0x3bc],
  [0x17f, 0x73],
  [0x3c2, 0x3c3],
  [0x3d0, 0x3b2],
  [0x3d1, 0x3b8],
  [0x3d5, 0x3c6],
  [0x3d6, 0x3c0],
  [0x3f0, 0x3ba],
  [0x3f1, 0x3c1],
  [0x3f5, 0x3b5],
  [0x1e9b, 0x1e61],
  [0x1fbe, 0x3b9],
];

let variants: ReadonlyMap<number, readonly number[]> | undefined;

/** A class with what differs from its characters in case alone. */
export function withEitherCase(set: CodePointSet): CodePointSet {
  variants ??= caseVariants();
  const wider = charactersOf().addAll(set);
  for (const group of variants.values()) {
    if (group.some((code) => set.has(code))) for (const code of group) wider.addRange(code, code);
  }
  return wider;
}

function caseVariants(): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  const join = (code: number, small: number) => {
    const group = groups.get(small) ?? [small];
    group.push(code);
    groups.set(small, group);
  };
  for (let code = 0; code < 0x20000; code++) {
    if (code === 0x130 || (code >= 0x3400 && code < 0xa000) || (code >= 0xac00 && code < 0xe000)) continue;
    const small = lowerCase(String.fromCodePoint(code)).codePointAt(0)!;
    if (small !== code) join(code, small);
  }
  for (const [code, small] of folds) join(code, small);
  return groups;
}
