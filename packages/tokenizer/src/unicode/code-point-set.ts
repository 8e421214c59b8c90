import { categoryNames, packedCategories, packedLowerCase, packedSets } from './tables.ts';

const PAGES = 0x110000 / 256;
const fullPage = new Uint32Array(8).fill(0xffffffff);

/** A set of code points: one bit each, in pages of 256 that are there where something is in them. */
export class CodePointSet {
  private readonly pages: (Uint32Array | undefined)[] = [];

  has(code: number): boolean {
    const page = this.pages[code >>> 8];
    return page !== undefined && ((page[(code >>> 5) & 7]! >>> (code & 31)) & 1) === 1;
  }

  /** Adds all code points from `first` to `last`. */
  addRange(first: number, last: number): this {
    for (let code = first; code <= last; ) {
      const index = code >>> 8;
      if ((code & 255) === 0 && code + 255 <= last) {
        this.pages[index] = fullPage;
        code += 256;
        continue;
      }
      const page = this.pages[index] ?? new Uint32Array(8);
      if (page !== fullPage) page[(code >>> 5) & 7]! |= 1 << (code & 31);
      this.pages[index] = page;
      code++;
    }
    return this;
  }

  addAll(other: CodePointSet): this {
    other.pages.forEach((page, index) => {
      const own = this.pages[index];
      if (page === undefined || own === fullPage) return;
      this.pages[index] = page === fullPage ? page : page.map((word, place) => word | (own?.[place] ?? 0));
    });
    return this;
  }

  /** What is in both. */
  intersection(other: CodePointSet): CodePointSet {
    const both = new CodePointSet();
    this.pages.forEach((page, index) => {
      const theirs = other.pages[index];
      if (page !== undefined && theirs !== undefined) both.pages[index] = page.map((word, at) => word & theirs[at]!);
    });
    return both;
  }

  complement(): CodePointSet {
    const others = new CodePointSet();
    for (let index = 0; index < PAGES; index++) {
      const page = this.pages[index];
      others.pages[index] = page === undefined ? fullPage : page === fullPage ? undefined : page.map((word) => ~word);
    }
    return others;
  }

  /** Its only member, where it has one alone. */
  single(): number | undefined {
    let found: number | undefined;
    for (const [index, page] of this.pages.entries()) {
      for (const [place, word] of (page ?? []).entries()) {
        if (word === 0) continue;
        const bit = 31 - Math.clz32(word);
        if (found !== undefined || word !== (1 << bit) >>> 0) return undefined;
        found = index * 256 + place * 32 + bit;
      }
    }
    return found;
  }
}

/** The set of some characters, `-` between two of them for all from the one to the other. */
export function charactersOf(...ranges: readonly (number | readonly [number, number])[]): CodePointSet {
  const set = new CodePointSet();
  for (const range of ranges) {
    if (typeof range === 'number') set.addRange(range, range);
    else set.addRange(range[0], range[1]);
  }
  return set;
}

const sets = new Map<string, CodePointSet>();

/** One of the reference library's sets. */
export function codePointSet(name: keyof typeof packedSets): CodePointSet {
  return cached(name, () => {
    const set = new CodePointSet();
    let next = 0;
    for (const range of packedSets[name].split(' ')) {
      const [gap, more = '0'] = range.split('-');
      const first = next + Number.parseInt(gap!, 36);
      next = first + Number.parseInt(more, 36) + 1;
      set.addRange(first, next - 1);
    }
    return set;
  });
}

/** Unicode's white space; it has not changed since 2002, but for U+180E, which left it. */
export const whiteSpace = charactersOf(
  ...[[0x9, 0xd] as const, 0x20, 0x85, 0xa0, 0x1680, [0x2000, 0x200a] as const, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
);

/**
 * Characters of a general category ("Lu"), or of all that start alike ("L"), as the reference library's regular
 * expressions have them.
 *
 * @returns undefined when there is no such category
 */
export function categorySet(name: string): CodePointSet | undefined {
  const letters = categoryNames.split(' ').map((category, index) => {
    const letter = 'abcdefghijklmnopqrstuvwxyzABCD'[index]!;
    return category.startsWith(name) ? letter : '';
  });
  if (name === '' || letters.join('') === '') return undefined;
  return cached(`category ${name}`, () => {
    const wanted = new Set(letters);
    const set = new CodePointSet();
    let next = 0;
    for (const [, letter, count] of packedCategories.matchAll(/([a-zA-D])(\d*)/g)) {
      const first = next;
      next += count === '' ? 1 : Number(count);
      if (wanted.has(letter!)) set.addRange(first, next - 1);
    }
    return set;
  });
}

function cached(key: string, make: () => CodePointSet): CodePointSet {
  const set = sets.get(key) ?? make();
  sets.set(key, set);
  return set;
}

let small: ReadonlyMap<number, string> | undefined;

/** Small letters of capitals, each character by itself: no rule looks at a character's neighbours. */
export function lowerCase(text: string): string {
  small ??= readLowerCase();
  let result = '';
  for (const char of text) result += small.get(char.codePointAt(0)!) ?? char;
  return result;
}

function readLowerCase(): Map<number, string> {
  const letters = new Map([[0x130, 'i\u0307']]);
  for (const run of packedLowerCase.split(' ')) {
    const [first, more, step, shift] = run.split(',');
    for (let index = 0; index <= Number(more); index++) {
      const code = Number.parseInt(first!, 16) + index * Number(step);
      letters.set(code, String.fromCodePoint(code + Number(shift)));
    }
  }
  return letters;
}
