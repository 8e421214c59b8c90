import { DatasetError, randomSource } from '@attune/base';
import type { FormulateCall, Formulated, InstanceOutput, Prediction } from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';
import { z } from 'zod';
import { choosePattern, type Patterns } from '../template/pattern.ts';
import { rendererOf } from '../template/render-template.ts';
import { locateSpan, type Span } from '../text.ts';
import type { Item } from './formulation-checks.ts';
import { candidateIds, checkedPredict, labelOf, predictsNothing } from './formulation-checks.ts';
import { prediction, rowId } from './label-task.ts';

/** A row of WSC: a text, a noun phrase in it and a pronoun. */
export const wscSchema = z.object({
  idx: rowId,
  text: z.string(),
  target: z.object({
    /** The noun phrase, and the position of its first word among the whitespace-separated words. */
    span1_text: z.string(),
    span1_index: z.int(),
    /** The pronoun. */
    span2_text: z.string(),
    span2_index: z.int(),
  }),
  label: z.boolean().optional(),
});
/** A row of WSC. */
export type WscRow = z.infer<typeof wscSchema>;

/** The texts that patterns use: the text with its pronoun between asterisks, the pronoun, the noun phrase. */
export function wscFields({ text, target }: WscRow) {
  const { start, end } = locateSpan(text, target.span2_text, target.span2_index) ?? wordAt(text, target.span2_index);
  const pronoun = text.slice(start, end);
  return { text: `${text.slice(0, start)}*${pronoun}*${text.slice(end)}`, pronoun, span: spanText(text, target) };
}

/** A pronoun that the text does not hold: the word at its index is the best guess left. */
function wordAt(text: string, index: number): Span {
  const words = [...text.matchAll(/\S+/g)];
  const word = words[Math.min(Math.max(index, 0), words.length - 1)];
  return word === undefined ? { start: 0, end: 0 } : { start: word.index, end: word.index + word[0].length };
}

/** The noun phrase as the text has it (span texts are sometimes capitalised or end in a full stop). */
function spanText(text: string, { span1_text: span, span1_index: index }: WscRow['target']): string {
  const found = locateSpan(text, span, index);
  const raw = found === undefined ? span.replace(/\.+$/, '') : text.slice(found.start, found.end);
  return raw.replaceAll('\n', ' ');
}

/** Masks beyond the noun phrase in evaluation; in training each row draws 0 to 3. They predict padding. */
const EXTRA_MASKS = 1;
const MAX_EXTRA_MASKS_IN_TRAINING = 3;

interface FillSpec {
  readonly labels: readonly string[];
  readonly items: (row: WscRow) => readonly Item[];
  readonly patterns: Patterns;
}

/**
 * WSC as PET poses it: the model writes the noun phrase that the pronoun stands for. Trained on true rows alone,
 * since a false row only says which phrase it is not.
 *
 * @throws DatasetError when training rows hold no true row
 */
export function formulateFill(spec: FillSpec, call: FormulateCall<WscRow>): Formulated<WscRow> {
  const { tokenizer, purpose, rows } = call;
  const chosen = choosePattern('wsc', spec.patterns, call).pattern;
  const render = rendererOf(call, chosen);
  const instances = itemsFor(spec, call).map(({ item, extra }) => {
    const span = candidateIds(item.fields.span!, tokenizer, chosen.template);
    const padding = new Array<number>(extra).fill(tokenizer.specialIds.pad);
    return {
      kind: 'fill' as const,
      sequence: render(item.fields, span.length + extra),
      ...(purpose === 'train' ? { targets: [...span, ...padding] } : {}),
    };
  });
  if (instances.length === 0) {
    throw new DatasetError(
      `wsc: a cloze is trained on rows with label true, but none of the ${rows.length} training rows has it; ` +
        'give rows with label true or use the formulation "head"',
    );
  }
  return checkedPredict('wsc', {
    kind: 'fill',
    labels: [],
    instances,
    predict: (own, outputs) =>
      purpose === 'train'
        ? predictsNothing('wsc')
        : predictFills(own.flatMap(spec.items), outputs, spec.labels, tokenizer),
  });
}

function itemsFor({ items }: FillSpec, { rows, purpose, seed }: FormulateCall<WscRow>) {
  const all = rows.flatMap(items);
  if (purpose === 'evaluate') return all.map((item) => ({ item, extra: EXTRA_MASKS }));
  const random = randomSource(seed).fork('wsc-extra-masks');
  return all
    .filter((item) => labelOf('wsc', item, purpose).label === 1)
    .map((item) => ({ item, extra: random.fork(item.id).integer(MAX_EXTRA_MASKS_IN_TRAINING + 1) }));
}

function predictFills(
  items: readonly Item[],
  outputs: readonly InstanceOutput[],
  labels: readonly string[],
  tokenizer: Tokenizer,
): Prediction[] {
  const special = new Set(Object.values(tokenizer.specialIds));
  return items.map((item, index) => {
    const ids = (outputs[index]!.filledIds ?? []).filter((id) => !special.has(id));
    return prediction(item, labels, labels[Number(isSamePhrase(tokenizer.decode(ids), item.fields.span!))]!);
  });
}

/** PET's rule: either phrase's words are all among the other's, so an empty phrase is the same as any. */
export function isSamePhrase(written: string, target: string): boolean {
  const [a, b] = [wordsOf(written), wordsOf(target)];
  return a.every((word) => b.includes(word)) || b.every((word) => a.includes(word));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
