import { ConfigError, ownValue, unknownNameMessage } from '@attune/base';
import type { FormulateCall } from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';
import type { SlotTable } from './lay-out-template.ts';
import { parseTemplate, type Template } from './parse-template.ts';

/**
 * Token ids of each label's words. The tokenizer's own normaliser decides about case, so "Yes" fits a lower-cased
 * vocabulary that holds "yes".
 *
 * @param words       [numLabels], several words per label allowed
 * @param afterSpace  whether the mask that they fill follows a space, see `maskFollowsSpace`
 * @throws ConfigError naming every word that is not exactly one ordinary token
 */
export function verbalizerIds(
  words: readonly (readonly string[])[],
  tokenizer: Tokenizer,
  { where, afterSpace }: { readonly where: string; readonly afterSpace: boolean },
): number[][] {
  const problems: string[] = [];
  const special = new Set(Object.values(tokenizer.specialIds));
  const ids = words.map((own) =>
    own.map((word) => {
      const encoded = tokenizer.encode(word, { afterSpace });
      const id = encoded[0];
      if (encoded.length === 1 && id !== undefined && !special.has(id)) return id;
      const what = encoded.length === 1 ? 'is unknown or special' : `becomes ${encoded.length} tokens`;
      problems.push(`"${word}" ${what} in this vocabulary`);
      return -1;
    }),
  );
  if (problems.length > 0) {
    throw new ConfigError(
      `${where}: verbalizer word ${problems.join('; ')}; expected exactly one ordinary token; choose another pattern`,
    );
  }
  return ids;
}

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

interface PatternChoice {
  /** The default when absent. */
  readonly pattern?: string;
  readonly languageModel?: FormulateCall<unknown>['languageModel'];
}

/**
 * The pattern of that name; without one, the first that the language model can read.
 *
 * @throws ConfigError for a name that is not there, with the nearest one that is; or for a pattern whose mask comes
 *   before what a causal model would have to read, with those that end with it
 */
export function choosePattern(
  task: string,
  patterns: Patterns,
  { pattern: name, languageModel = 'masked' }: PatternChoice,
): { readonly name: string; readonly pattern: Pattern } {
  const readable = Object.keys(patterns).filter(
    (known) => languageModel !== 'causal' || endsWithMask(patterns[known]!.template),
  );
  const chosen = name ?? readable[0] ?? Object.keys(patterns)[0]!;
  const found = ownValue(patterns, chosen);
  if (found === undefined) {
    throw new ConfigError(`${task}: ${unknownNameMessage('pattern', chosen, Object.keys(patterns))}`);
  }
  if (!readable.includes(chosen)) throw new ConfigError(`${task}: ${notReadable(chosen, readable)}`);
  return { name: chosen, pattern: found };
}

/** Whether nothing of the row, and no pseudo token, comes after the mask. */
function endsWithMask({ pieces }: Template): boolean {
  const mask = pieces.findIndex(({ kind }) => kind === 'mask');
  return pieces.slice(mask + 1).every(({ kind }) => kind === 'text');
}

function notReadable(name: string, readable: readonly string[]): string {
  const reason = `pattern "${name}" goes on after its mask, and a causal language model reads nothing after it`;
  return readable.length === 0
    ? `${reason}; no pattern ends with its mask, so pose the task with a classification head`
    : `${reason}; patterns that end with it: ${readable.join(', ')}`;
}
