import { ConfigError, unknownNameMessage } from '@attune/core';
import { parseTemplate, type Template } from './parse-template.ts';
import type { SlotTable } from './spread-virtual-tokens.ts';

/** One way to write a task as a cloze. */
export interface Pattern {
  readonly template: Template;
  /** Where pseudo tokens go for totals that the source lists. */
  readonly slots?: SlotTable;
  /** Words of each label in id order; absent where candidates are spelled out. */
  readonly words?: readonly (readonly string[])[];
}

/** A task's patterns by name; the first one is its default. */
export type Patterns = Readonly<Record<string, Pattern>>;

/** A pattern written as text; `words` has one word per label. */
export function pattern(source: string, options: { words?: readonly string[]; slots?: SlotTable } = {}): Pattern {
  return {
    template: parseTemplate(source),
    ...(options.slots === undefined ? {} : { slots: options.slots }),
    ...(options.words === undefined ? {} : { words: options.words.map((word) => [word]) }),
  };
}

/** @throws ConfigError for a name that is not there, with the nearest one that is */
export function choosePattern(
  task: string,
  patterns: Patterns,
  name?: string,
): { readonly name: string; readonly pattern: Pattern } {
  const chosen = name ?? Object.keys(patterns)[0]!;
  const found = Object.hasOwn(patterns, chosen) ? patterns[chosen] : undefined;
  if (found === undefined) {
    throw new ConfigError(`${task}: ${unknownNameMessage('pattern', chosen, Object.keys(patterns))}`);
  }
  return { name: chosen, pattern: found };
}
