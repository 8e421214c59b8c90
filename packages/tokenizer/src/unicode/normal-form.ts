import { ConfigError } from '@attune/base';
import { codePointSet } from './code-point-set.ts';

/** Unicode's normal forms. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * A text's normal form by the tables of the reference library: Unicode promises that characters of an older version
 * keep their forms, so the engine's tables serve for those, and newer ones stand for themselves.
 *
 * @throws ConfigError for a text with thousands of combining marks in a row: putting them in order takes minutes
 */
export function normalForm(text: string, form: NormalForm): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  checkMarks(text);
  const known = codePointSet('normalized');
  let result = '';
  let run = '';
  for (const char of text) {
    if (known.has(char.codePointAt(0)!)) {
      run += char;
      continue;
    }
    if (run !== '') result += run.normalize(form);
    run = '';
    result += char;
  }
  return result + run.normalize(form);
}

/** Marks in a row; languages have three, Unicode's stream-safe texts 30. */
const MOST_MARKS = 4000;

function checkMarks(text: string): void {
  if (text.length <= MOST_MARKS) return;
  const marks = codePointSet('combiningMark');
  let count = 0;
  for (const char of text) {
    count = marks.has(char.codePointAt(0)!) ? count + 1 : 0;
    if (count > MOST_MARKS) {
      throw new ConfigError(
        `text: more than ${MOST_MARKS} combining marks in a row, which cannot be put in order in time`,
      );
    }
  }
}
