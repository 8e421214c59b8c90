import { ConfigError } from '@attune/base';
import { codePointSet } from '../unicode/code-point-set.ts';
import { compilePattern, type Program } from './compile-pattern.ts';
import { type Assertion, parsePattern } from './parse-pattern.ts';

/** Places of a text, from the first unit to the one after the last. */
export type Span = readonly [start: number, end: number];

/** Finds a pattern's matches in a text, from left to right. */
export type Finder = (text: string) => Span[];

/**
 * A regular expression's matches, found in time linear in the text: each step of the pattern fails at most once at each
 * place, for what failed there is remembered (Davis et al. 2021, "Using Selective Memoization to Defeat Regular
 * Expression Denial of Service"). Which match is found is what backtracking finds, Oniguruma's rules.
 *
 * @throws Error when the pattern is not supported; the finder a ConfigError, where it takes far more steps for a text
 *   than any pattern in use
 */
export function regexFinder(source: string): Finder {
  const program = compilePattern(parsePattern(source));
  return (text) => {
    const matcher = new Matcher(program, text);
    return matcher.findAll();
  };
}

/** Every place of a text. */
export function textFinder(pattern: string): Finder {
  if (pattern === '') return () => [];
  return (text) => {
    const found: Span[] = [];
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length)) {
      found.push([at, at + pattern.length]);
    }
    return found;
  };
}

/** Steps that are allowed for any text, and for a longer one by its length: a pattern in use takes about 20. */
const MOST_STEPS = 10_000_000;
const MOST_STEPS_PER_CHARACTER = 100;

const widthOf = (code: number) => (code > 0xffff ? 2 : 1);

class Matcher {
  private readonly program: Program;
  private readonly text: string;
  /** One bit for each place and step that has failed, or is being tried. */
  private readonly failed: Uint32Array;
  /** Ends that looks and atomic groups have reached, by place and step. */
  private readonly reached = new Map<number, number>();
  /** What is still to be tried: step, place, length of the trail. */
  private readonly open: number[] = [];
  /** Places and steps on the way to where the search is. */
  private readonly trail: number[] = [];
  private left: number;

  constructor(program: Program, text: string) {
    this.left = Math.max(MOST_STEPS, MOST_STEPS_PER_CHARACTER * text.length);
    this.program = program;
    this.text = text;
    this.failed = new Uint32Array(Math.ceil(((text.length + 1) * program.steps.length) / 32));
  }

  findAll(): Span[] {
    const found: Span[] = [];
    let lastEnd = -1;
    for (let at = 0; at <= this.text.length; ) {
      const code = this.text.codePointAt(at) ?? -1;
      const canBegin = this.program.first === undefined || (code >= 0 && this.program.first.has(code));
      const end = canBegin ? this.run(0, at) : -1;
      if (end > at || (end === at && end !== lastEnd)) {
        found.push([at, end]);
        lastEnd = end;
        at = end;
      } else {
        at += widthOf(code);
      }
    }
    return found;
  }

  /** Where the steps from `start` end when they begin at a place; -1 when they do not match. */
  private run(start: number, from: number, isInner = false): number {
    const { open, trail } = this;
    const [openBase, trailBase] = [open.length, trail.length];
    let step = start;
    let at = from;
    for (;;) {
      const end = this.follow(step, at, isInner);
      if (end >= 0) {
        for (const state of trail.splice(trailBase)) {
          this.failed[state >>> 5]! &= ~(1 << (state & 31));
          if (isInner) this.reached.set(state, end);
        }
        open.length = openBase;
        return end;
      }
      if (open.length === openBase) {
        trail.length = trailBase;
        return -1;
      }
      trail.length = open.pop()!;
      at = open.pop()!;
      step = open.pop()!;
    }
  }

  /** Follows steps until one fails or accepts; other ways are left in `open`. */
  private follow(start: number, from: number, isInner: boolean): number {
    const { text, program } = this;
    let step = start;
    let at = from;
    for (;;) {
      if (--this.left < 0) throw this.tooMany();
      const instruction = program.steps[step]!;
      switch (instruction.op) {
        case 'set': {
          const code = text.codePointAt(at);
          if (code === undefined || !instruction.set.has(code)) return -1;
          at += code > 0xffff ? 2 : 1;
          step++;
          break;
        }
        case 'jump':
          step = instruction.to;
          break;
        case 'split': {
          if (isInner) {
            const end = this.reached.get(at * program.steps.length + step);
            if (end !== undefined) return end;
          }
          if (!this.enter(step, at)) return -1;
          this.open.push(instruction.second, at, this.trail.length);
          step = instruction.first;
          break;
        }
        case 'assert':
          if (!holds(instruction.what, text, at)) return -1;
          step++;
          break;
        case 'look': {
          if (!this.enter(step, at)) return -1;
          if (this.looks(instruction.start, at, instruction.back) === instruction.negative) return -1;
          step = instruction.next;
          break;
        }
        case 'atomic': {
          if (!this.enter(step, at)) return -1;
          const end = this.run(instruction.start, at, true);
          if (end < 0) return -1;
          at = end;
          step = instruction.next;
          break;
        }
        case 'accept':
          return at;
        default:
          instruction satisfies never;
      }
    }
  }

  private tooMany(): ConfigError {
    return new ConfigError(
      `tokenizer.json: a regular expression of ${this.program.steps.length} steps takes too long for a text of ` +
        `${this.text.length} characters; a tokenizer in use takes some 20 steps for each`,
    );
  }

  /** Notes that a step is tried at a place; false when it was before, and failed. */
  private enter(step: number, at: number): boolean {
    const state = at * this.program.steps.length + step;
    const bit = 1 << (state & 31);
    if ((this.failed[state >>> 5]! & bit) !== 0) return false;
    this.failed[state >>> 5]! |= bit;
    this.trail.push(state);
    return true;
  }

  private looks(start: number, at: number, back: number | undefined): boolean {
    const from = stepBack(this.text, at, back ?? 0);
    return from >= 0 && this.run(start, from, true) >= 0;
  }
}

function stepBack(text: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0; left--) at -= isLowSurrogate(text.charCodeAt(at - 1)) ? 2 : 1;
  return at;
}

const isLowSurrogate = (unit: number) => (unit & 0xfc00) === 0xdc00;

function holds(what: Assertion, text: string, at: number): boolean {
  const isEnd = at === text.length;
  switch (what) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return isEnd;
    case 'last-line-end':
      return isEnd || (at === text.length - 1 && text[at] === '\n');
    case 'line-start':
      return at === 0 || (text[at - 1] === '\n' && !isEnd);
    case 'line-end':
      return isEnd || text[at] === '\n';
    case 'word-edge':
      return isWord(text, stepBack(text, at, 1)) !== isWord(text, at);
    case 'no-word-edge':
      return isWord(text, stepBack(text, at, 1)) === isWord(text, at);
    default:
      return what satisfies never;
  }
}

function isWord(text: string, at: number): boolean {
  const code = at < 0 ? undefined : text.codePointAt(at);
  return code !== undefined && codePointSet('regexWord').has(code);
}
