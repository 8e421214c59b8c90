import { type AlignedText, type Change, transformText } from '../text/aligned-text.ts';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * Unicode normalisation that knows where its characters came from. JavaScript has the strings but not the spans, so
 * characters are decomposed, ordered and composed one by one as the `tokenizers` library does.
 */
export function normalizeUnicode(text: AlignedText, form: UnicodeForm): AlignedText {
  const joined = text.chars.join('');
  if (joined.normalize(form) === joined) return text;
  const decomposed = decompose(text, form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD');
  return transformText(text, form === 'NFC' || form === 'NFKC' ? compose(decomposed) : decomposed);
}

function decompose(text: AlignedText, form: 'NFD' | 'NFKD'): Change[] {
  const changes: Change[] = [];
  for (const char of text.chars) {
    [...char.normalize(form)].forEach((part, index) => {
      let at = changes.length;
      while (at > 0 && hasLowerClass(part, changes[at - 1]!.char)) at -= 1;
      changes.splice(at, 0, { char: part, change: index === 0 ? 0 : 1 });
    });
  }
  return changes;
}

/** Joins each starter with the marks it composes with, unless a mark of the same or a higher class is in between. */
function compose(decomposed: readonly Change[]): Change[] {
  const out: Change[] = [];
  let starter: Change | undefined;
  let between: Change[] = [];
  const flush = () => {
    if (starter !== undefined) out.push(starter);
    out.push(...between);
    between = [];
  };
  for (const item of decomposed) {
    const last = between.at(-1);
    const isReachable = last === undefined || hasLowerClass(last.char, item.char);
    const composed = starter !== undefined && isReachable ? composite(starter.char, item.char) : undefined;
    if (starter !== undefined && composed !== undefined) {
      starter = { char: composed, change: starter.change + item.change - 1 };
    } else if (isStarter(item.char)) {
      flush();
      starter = item;
    } else if (starter === undefined) {
      out.push(item);
    } else {
      between.push(item);
    }
  }
  flush();
  return out;
}

/** Whether both are combining marks and a's class is the lower one: then canonical ordering swaps "ba". */
function hasLowerClass(a: string, b: string): boolean {
  return b > '\u02ff' && a !== b && (b + a).normalize('NFD') === a + b;
}

/** Combining class 0: no mark of class 1 moves before it, and it moves before no mark of class 240. */
function isStarter(char: string): boolean {
  return char <= '\u02ff' || !(hasLowerClass('\u0334', char) || hasLowerClass(char, '\u0345'));
}

function composite(a: string, b: string): string | undefined {
  const composed = (a + b).normalize('NFC');
  return [...composed].length === 1 ? composed : undefined;
}
