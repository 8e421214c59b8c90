import { type CodePointSet, charactersOf } from '../unicode/code-point-set.ts';
import type { Assertion, PatternNode } from './parse-pattern.ts';

/** One step of a pattern; steps follow each other unless they say another place. */
type Instruction =
  | { readonly op: 'set'; readonly set: CodePointSet }
  /** Tries `first`, then `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  /** The steps from `start` match here, or do not; `back` characters before it where they look behind. */
  | {
      readonly op: 'look';
      start: number;
      readonly back: number | undefined;
      readonly negative: boolean;
      next: number;
    }
  /** What the steps from `start` match is never given back. */
  | { readonly op: 'atomic'; start: number; next: number }
  | { readonly op: 'accept' };

/** Far above any pattern in use; time is in proportion to it. */
const MAX_STEPS = 1000;

/** A pattern as steps, and the characters that its matches begin with. */
export interface Program {
  readonly steps: readonly Instruction[];
  /** Undefined where a match may be empty. */
  readonly first: CodePointSet | undefined;
}

/** @throws Error when it has more than `MAX_STEPS` steps, or looks behind by lengths that vary */
export function compilePattern(node: PatternNode): Program {
  const steps: Instruction[] = [];
  const add = (step: Instruction): number => {
    if (steps.length >= MAX_STEPS) throw new Error(`a regular expression of more than ${MAX_STEPS} steps`);
    return steps.push(step) - 1;
  };
  emit(node, add, steps);
  add({ op: 'accept' });
  const { set, isEmpty } = firstOf(node);
  return { steps, first: isEmpty ? undefined : set };
}

type Add = (step: Instruction) => number;

function emit(node: PatternNode, add: Add, steps: readonly Instruction[]): void {
  switch (node.kind) {
    case 'set':
      add({ op: 'set', set: node.set });
      return;
    case 'sequence':
      for (const item of node.items) emit(item, add, steps);
      return;
    case 'choice':
      emitChoice(node.options, add, steps);
      return;
    case 'repeat':
      emitRepeat(node, add, steps);
      return;
    case 'assert':
      add({ op: 'assert', what: node.what });
      return;
    case 'atomic': {
      const step: Extract<Instruction, { op: 'atomic' }> = { op: 'atomic', start: 0, next: 0 };
      emitInner(node.item, step, add, steps);
      return;
    }
    case 'look': {
      const { item, behind, negative } = node;
      if (behind && item.kind === 'choice') {
        const each = item.options.map((option) => ({ ...node, item: option }));
        emit(negative ? { kind: 'sequence', items: each } : { kind: 'choice', options: each }, add, steps);
        return;
      }
      const step: Extract<Instruction, { op: 'look' }> = { op: 'look', start: 0, next: 0, negative, back: undefined };
      emitInner(item, behind ? { ...step, back: widthOf(item) } : step, add, steps);
      return;
    }
    default:
      node satisfies never;
  }
}

function emitInner(
  item: PatternNode,
  step: Extract<Instruction, { op: 'look' | 'atomic' }>,
  add: Add,
  steps: readonly Instruction[],
): void {
  step.start = add(step) + 1;
  emit(item, add, steps);
  step.next = add({ op: 'accept' }) + 1;
}

function emitChoice(options: readonly PatternNode[], add: Add, steps: readonly Instruction[]): void {
  const ends: { op: 'jump'; to: number }[] = [];
  options.forEach((option, index) => {
    if (index === options.length - 1) {
      emit(option, add, steps);
      return;
    }
    const split: Extract<Instruction, { op: 'split' }> = { op: 'split', first: 0, second: 0 };
    split.first = add(split) + 1;
    emit(option, add, steps);
    const end: { op: 'jump'; to: number } = { op: 'jump', to: 0 };
    split.second = add(end) + 1;
    ends.push(end);
  });
  for (const end of ends) end.to = steps.length;
}

function emitRepeat(
  { item, min, max, lazy }: Extract<PatternNode, { kind: 'repeat' }>,
  add: Add,
  steps: readonly Instruction[],
) {
  for (let count = 0; count < min; count++) emit(item, add, steps);
  const split = () => {
    const step: Extract<Instruction, { op: 'split' }> = { op: 'split', first: 0, second: 0 };
    return { step, at: add(step) };
  };
  const aim = (step: Extract<Instruction, { op: 'split' }>, inside: number, after: number) => {
    step.first = lazy ? after : inside;
    step.second = lazy ? inside : after;
  };
  if (max === Number.POSITIVE_INFINITY) {
    // What a repeat makes of an empty match depends on the way there, and ways are not remembered.
    if (firstOf(item).isEmpty) throw new Error('a regular expression that repeats what may be empty is not supported');
    const { step, at } = split();
    emit(item, add, steps);
    aim(step, at + 1, add({ op: 'jump', to: at }) + 1);
    return;
  }
  const open = Array.from({ length: max - min }, () => {
    const opened = split();
    emit(item, add, steps);
    return opened;
  });
  for (const { step, at } of open) aim(step, at + 1, steps.length);
}

/** Characters that a part takes. @throws Error when it may take more or fewer */
function widthOf(node: PatternNode): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + widthOf(item), 0);
    case 'choice': {
      const widths = new Set(node.options.map(widthOf));
      if (widths.size === 1) return [...widths][0]!;
      throw new Error(varies);
    }
    case 'repeat':
      if (node.max !== node.min) throw new Error(varies);
      return node.min * widthOf(node.item);
    case 'atomic':
      return widthOf(node.item);
    default:
      return 0;
  }
}

const varies = 'a regular expression that looks behind by a length that varies is not supported';

/** Characters that a part's matches begin with, and whether it may match none. */
function firstOf(node: PatternNode): { readonly set: CodePointSet; readonly isEmpty: boolean } {
  switch (node.kind) {
    case 'set':
      return { set: node.set, isEmpty: false };
    case 'sequence': {
      const set = charactersOf();
      for (const item of node.items) {
        const first = firstOf(item);
        set.addAll(first.set);
        if (!first.isEmpty) return { set, isEmpty: false };
      }
      return { set, isEmpty: true };
    }
    case 'choice': {
      const all = node.options.map(firstOf);
      const set = all.reduce((sum, each) => sum.addAll(each.set), charactersOf());
      return { set, isEmpty: all.some(({ isEmpty }) => isEmpty) };
    }
    case 'repeat': {
      const { set, isEmpty } = firstOf(node.item);
      return { set, isEmpty: isEmpty || node.min === 0 };
    }
    case 'atomic':
      return firstOf(node.item);
    case 'look':
    case 'assert':
      return { set: charactersOf(), isEmpty: true };
    default:
      return node satisfies never;
  }
}
