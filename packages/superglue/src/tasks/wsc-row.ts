import { z } from 'zod';
import { rowId } from '../data/row-id.ts';
import { locateSpan, type Span } from '../text/locate-span.ts';

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
