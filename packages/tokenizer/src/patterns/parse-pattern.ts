import { type CodePointSet, charactersOf } from '../unicode/code-point-set.ts';
import { anyCharacter, escapedSet, notNewline, propertySet, withEitherCase } from './character-class.ts';

/** What stands at a place and takes no character. */
export type Assertion =
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'last-line-end'
  | 'word-edge'
  | 'no-word-edge';

/** A part of a regular expression. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CodePointSet }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: PatternNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'look'; readonly item: PatternNode; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'atomic'; readonly item: PatternNode }
  | { readonly kind: 'assert'; readonly what: Assertion };

interface Flags {
  readonly ignoreCase: boolean;
  /** Whether `.` is a line's end, too. */
  readonly dotAll: boolean;
}

const assertions: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  Z: 'last-line-end',
  b: 'word-edge',
  B: 'no-word-edge',
};
const characters: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 };
const groupStarts = ['(?:', '(?=', '(?!', '(?<=', '(?<!', '(?>'] as const;
const MAX_DEPTH = 100;
const MAX_REPEAT = 1000;

/**
 * A regular expression of Oniguruma, the library that the reference has for the patterns of tokenizer.json.
 *
 * @throws Error naming what it has that is not supported: references to groups, conditions, variable repeats of above
 *   1,000, unknown properties
 */
export function parsePattern(source: string): PatternNode {
  const parser = new PatternParser(source);
  return parser.parse();
}

class PatternParser {
  private at = 0;
  private depth = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  parse(): PatternNode {
    const node = this.choice({ ignoreCase: false, dotAll: false });
    if (this.at < this.source.length) throw this.error('a ) without its (');
    return node;
  }

  private error(problem: string): Error {
    const shown = this.source.length > 200 ? `${this.source.slice(0, 200)}…` : this.source;
    return new Error(`regular expression ${JSON.stringify(shown)}: ${problem} at ${this.at}`);
  }

  private takes(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private choice(flags: Flags): PatternNode {
    if (++this.depth > MAX_DEPTH) throw this.error(`more than ${MAX_DEPTH} groups inside each other`);
    const options: PatternNode[][] = [[]];
    while (this.at < this.source.length && this.source[this.at] !== ')') {
      const inline = /^\(\?([imx-]+)\)/.exec(this.source.slice(this.at, this.at + 12));
      if (this.takes('|')) options.push([]);
      else if (inline === null) options.at(-1)!.push(this.quantified(this.atom(flags)));
      else {
        // Flags hold for all that follows in the group, its other options included: a(?i)b|c is a(?i:b|c).
        this.at += inline[0].length;
        options.at(-1)!.push(this.choice(this.flags(inline[1]!, flags)));
      }
    }
    this.depth--;
    const nodes = options.map((items): PatternNode => (items.length === 1 ? items[0]! : { kind: 'sequence', items }));
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', options: nodes };
  }

  private flags(letters: string, flags: Flags): Flags {
    const [on = '', off = ''] = letters.split('-');
    if (letters.includes('x')) throw this.error('the flag x is not supported');
    const value = (letter: string, before: boolean) =>
      on.includes(letter) ? true : off.includes(letter) ? false : before;
    return { ignoreCase: value('i', flags.ignoreCase), dotAll: value('m', flags.dotAll) };
  }

  private atom(flags: Flags): PatternNode {
    const char = this.source[this.at]!;
    if (char === '(') return this.group(flags);
    if (char === '[') return this.set(this.characterClass(flags), { ...flags, ignoreCase: false });
    if (this.takes('.')) return this.set(flags.dotAll ? anyCharacter : notNewline, flags);
    if (this.takes('^')) return { kind: 'assert', what: 'line-start' };
    if (this.takes('$')) return { kind: 'assert', what: 'line-end' };
    if (char === '\\') return this.escape(flags);
    if ('*+?'.includes(char)) throw this.error(`${char} with nothing to repeat`);
    return this.set(this.literal(), flags);
  }

  private set(set: CodePointSet, { ignoreCase }: Flags): PatternNode {
    return { kind: 'set', set: ignoreCase ? withEitherCase(set) : set };
  }

  private literal(): CodePointSet {
    const code = this.source.codePointAt(this.at)!;
    this.at += code > 0xffff ? 2 : 1;
    return charactersOf(code);
  }

  private group(flags: Flags): PatternNode {
    const comment = /^\(\?#[^)]*\)/.exec(this.source.slice(this.at));
    if (comment !== null) {
      this.at += comment[0].length;
      return { kind: 'sequence', items: [] };
    }
    const start = groupStarts.find((text) => this.takes(text));
    const flagged = start === undefined ? /^\(\?([imx-]+):/.exec(this.source.slice(this.at, this.at + 12)) : null;
    const name = /^\(\?<[A-Za-z_]\w*>/.exec(this.source.slice(this.at, this.at + 80));
    if (flagged !== null) this.at += flagged[0].length;
    else if (start === undefined && name !== null) this.at += name[0].length;
    else if (start === undefined && this.source.startsWith('(?', this.at))
      throw this.error('a group that is not supported');
    else if (start === undefined) this.at++;
    const item = this.choice(flagged === null ? flags : this.flags(flagged[1]!, flags));
    if (!this.takes(')')) throw this.error('a ( without its )');
    if (start === '(?>') return { kind: 'atomic', item };
    if (start === undefined || start === '(?:') return item;
    return { kind: 'look', item, behind: start.includes('<'), negative: start.endsWith('!') };
  }

  private quantified(item: PatternNode): PatternNode {
    const interval = /^\{(\d*)(,?)(\d*)\}/.exec(this.source.slice(this.at, this.at + 24));
    if (interval !== null && interval[1] + interval[3]! !== '') return this.interval(item, interval);
    const mark = this.source[this.at];
    if (mark === undefined || !'*+?'.includes(mark)) return item;
    this.at++;
    const [min, max] = [mark === '+' ? 1 : 0, mark === '?' ? 1 : Number.POSITIVE_INFINITY];
    const lazy = this.takes('?');
    const repeat: PatternNode = { kind: 'repeat', item, min, max, lazy };
    return this.quantified(!lazy && this.takes('+') ? { kind: 'atomic', item: repeat } : repeat);
  }

  private interval(item: PatternNode, [text, low, comma, high]: RegExpExecArray): PatternNode {
    this.at += text.length;
    const min = low === '' ? 0 : Number(low);
    const max = comma === '' ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (max < min || min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY)) {
      throw this.error(`expected a repeat of at most ${MAX_REPEAT}, got ${text}`);
    }
    const lazy = comma !== '' && this.takes('?');
    if (this.source[this.at] === '?') throw this.error(`${text}? is not supported`);
    return this.quantified({ kind: 'repeat', item, min, max, lazy });
  }

  private escape(flags: Flags): PatternNode {
    const letter = this.source[this.at + 1] ?? '';
    if (Object.hasOwn(assertions, letter)) {
      this.at += 2;
      return { kind: 'assert', what: assertions[letter]! };
    }
    if (letter === 'R' || letter === 'X' || letter === 'G' || letter === 'K' || letter === 'k' || letter === 'g') {
      throw this.error(`\\${letter} is not supported`);
    }
    if (/[1-9]/.test(letter)) throw this.error('a reference to a group is not supported');
    const set = this.escapedCharacter();
    // Properties are as they are, whatever the flags.
    return set.single() === undefined ? { kind: 'set', set } : this.set(set, flags);
  }

  /** What an escape stands for, in a class and outside. */
  private escapedCharacter(): CodePointSet {
    const rest = this.source.slice(this.at, this.at + 60);
    const property = /^\\([pP])\{([^}]*)\}/.exec(rest);
    if (property !== null) {
      const set = propertySet(property[2]!);
      if (set === undefined) throw this.error(`the property ${property[2]} is not supported`);
      this.at += property[0].length;
      return property[1] === 'p' ? set : set.complement();
    }
    const hex = /^\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))/.exec(rest);
    if (hex !== null) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
      if (code > 0x10ffff) throw this.error(`no character ${hex[0]}`);
      this.at += hex[0].length;
      return charactersOf(code);
    }
    const letter = rest[1];
    if (letter === undefined) throw this.error('a \\ with nothing after it');
    this.at++;
    const set =
      escapedSet(letter) ?? (Object.hasOwn(characters, letter) ? charactersOf(characters[letter]!) : undefined);
    if (set !== undefined) {
      this.at++;
      return set;
    }
    if (letter === '0') {
      this.at++;
      return charactersOf(0);
    }
    if (/[A-Za-z0-9]/.test(letter) && /[cCMpPxuoO1-9N]/.test(letter)) throw this.error(`\\${letter} is not supported`);
    return this.literal();
  }

  /** A class in brackets: unions, ranges, classes inside, intersections. */
  private characterClass(flags: Flags): CodePointSet {
    if (++this.depth > MAX_DEPTH) throw this.error(`more than ${MAX_DEPTH} classes inside each other`);
    this.at++;
    const isNegative = this.takes('^');
    let all: CodePointSet | undefined;
    let set = charactersOf();
    let isFirst = true;
    while (!(this.source[this.at] === ']' && !isFirst)) {
      if (this.at >= this.source.length) throw this.error('a [ without its ]');
      if (this.takes('&&')) {
        all = all === undefined ? set : all.intersection(set);
        set = charactersOf();
      } else this.classItem(set, flags);
      isFirst = false;
    }
    this.at++;
    this.depth--;
    const whole = all === undefined ? set : all.intersection(set);
    const folded = flags.ignoreCase ? withEitherCase(whole) : whole;
    return isNegative ? folded.complement() : folded;
  }

  private classItem(set: CodePointSet, flags: Flags): void {
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.source.slice(this.at, this.at + 24));
    if (posix !== null) {
      const named = propertySet(posix[1]! + posix[2]!);
      if (named === undefined) throw this.error(`the class ${posix[0]} is not supported`);
      this.at += posix[0].length;
      set.addAll(named);
      return;
    }
    if (this.source[this.at] === '[') {
      set.addAll(this.characterClass(flags));
      return;
    }
    const first = this.classCharacter();
    const isRange = this.source[this.at] === '-' && !/^-(\]|&&|\[)/.test(this.source.slice(this.at, this.at + 3));
    if (typeof first !== 'number' || !isRange) {
      set.addAll(typeof first === 'number' ? charactersOf(first) : first);
      return;
    }
    this.at++;
    const last = this.classCharacter();
    if (typeof last !== 'number' || last < first) throw this.error('a range that has no end, or ends before it begins');
    set.addRange(first, last);
  }

  /** One character's code, or a class that an escape stands for. */
  private classCharacter(): number | CodePointSet {
    if (this.at >= this.source.length) throw this.error('a [ without its ]');
    if (this.source[this.at] !== '\\') {
      const code = this.source.codePointAt(this.at)!;
      this.at += code > 0xffff ? 2 : 1;
      return code;
    }
    if (this.source[this.at + 1] === 'b') {
      this.at += 2;
      return 8;
    }
    const set = this.escapedCharacter();
    return set.single() ?? set;
  }
}
