/**
 * Characters (code points) with the span of the original text each of them stands for, in UTF-16 units of that text,
 * so that `original.slice(starts[i], ends[i])` is what character i came from. Ends are exclusive.
 */
export interface AlignedText {
  readonly chars: readonly string[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * One character of a transformed text. `change` is 0 where it replaces the next character, -n where it also swallows
 * the n characters after that, and 1 where it is new: then it shares the span of the character before it.
 */
export interface Change {
  readonly char: string;
  readonly change: number;
}

export function alignText(text: string): AlignedText {
  const chars = [...text];
  const starts = new Array<number>(chars.length);
  const ends = new Array<number>(chars.length);
  let offset = 0;
  chars.forEach((char, index) => {
    starts[index] = offset;
    offset += char.length;
    ends[index] = offset;
  });
  return { chars, starts, ends };
}

export function sliceText(text: AlignedText, start: number, end: number): AlignedText {
  if (start === 0 && end === text.chars.length) return text;
  return {
    chars: text.chars.slice(start, end),
    starts: text.starts.slice(start, end),
    ends: text.ends.slice(start, end),
  };
}

/** The characters that a text becomes, with the spans they keep. */
export function transformText(text: AlignedText, changes: readonly Change[]): AlignedText {
  const starts: number[] = [];
  const ends: number[] = [];
  let next = 0;
  for (const { change } of changes) {
    const from = change > 0 ? next - 1 : next;
    starts.push(text.starts[from] ?? 0);
    ends.push(text.ends[from] ?? 0);
    if (change <= 0) next += 1 - change;
  }
  return { chars: changes.map(({ char }) => char), starts, ends };
}

/** Each character becomes the characters of a string, possibly none; all of them keep its span. */
export function mapCharacters(text: AlignedText, replace: (char: string) => string): AlignedText {
  const chars: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  text.chars.forEach((char, index) => {
    const replaced = replace(char);
    for (const written of replaced === char ? [char] : replaced) {
      chars.push(written);
      starts.push(text.starts[index]!);
      ends.push(text.ends[index]!);
    }
  });
  return { chars, starts, ends };
}

/** A prefix that shares the span of the first character; an empty text stays empty. */
export function prependText(prefix: string, text: AlignedText): AlignedText {
  if (text.chars.length === 0) return text;
  const added = [...prefix];
  return {
    chars: [...added, ...text.chars],
    starts: [...added.map(() => text.starts[0]!), ...text.starts],
    ends: [...added.map(() => text.ends[0]!), ...text.ends],
  };
}
