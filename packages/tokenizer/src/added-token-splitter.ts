import type { TokenizerJson } from './tokenizer-json.ts';
import { codePointSet, whiteSpace } from './unicode/code-point-set.ts';

type AddedToken = TokenizerJson['added_tokens'][number];

/** A part of a text: an added token, or what is between them. */
export interface Section {
  readonly text: string;
  readonly token?: AddedToken;
  readonly start: number;
}

interface Node {
  readonly next: Map<number, Node>;
  token?: AddedToken;
}

/**
 * Finds added tokens in texts as the reference library does: the longest one at a place, from left to right; `lstrip`
 * and `rstrip` take the white space beside it, `single_word` needs no word beside it. A special one is passed over, its
 * characters are ordinary ones.
 *
 * @param write  what stands in texts for a token: itself, or what the normalizer makes of it
 */
export function addedTokenSplitter(
  tokens: readonly AddedToken[],
  write: (content: string) => string = (content) => content,
): (text: string) => Section[] {
  const root: Node = { next: new Map() };
  for (const token of tokens) addTo(root, write(token.content), token);
  if (root.next.size === 0) return (text) => (text === '' ? [] : [{ text, start: 0 }]);
  return (text) => split(text, root);
}

function addTo(root: Node, content: string, token: AddedToken): void {
  let node = root;
  for (let at = 0; at < content.length; at++) {
    const unit = content.charCodeAt(at);
    const next: Node = node.next.get(unit) ?? { next: new Map() };
    node.next.set(unit, next);
    node = next;
  }
  if (content !== '') node.token ??= token;
}

function split(text: string, root: Node): Section[] {
  const sections: Section[] = [];
  let last = 0;
  for (let at = 0; at < text.length; ) {
    const match = longestAt(text, at, root);
    if (match === undefined) {
      at++;
      continue;
    }
    const { token } = match;
    const end = match.end;
    const start = at;
    at = end;
    if (token.special || (token.single_word && !isApart(text, start, end))) continue;
    const from = token.lstrip ? Math.max(last, spaceBefore(text, start)) : start;
    const to = token.rstrip ? spaceAfter(text, end) : end;
    if (last < from) sections.push({ text: text.slice(last, from), start: last });
    sections.push({ text: text.slice(from, to), token, start: from });
    last = to;
  }
  if (last < text.length) sections.push({ text: text.slice(last), start: last });
  return sections;
}

function longestAt(text: string, from: number, root: Node): { token: AddedToken; end: number } | undefined {
  let found: { token: AddedToken; end: number } | undefined;
  let node: Node | undefined = root;
  for (let at = from; node !== undefined && at <= text.length; at++) {
    if (node.token !== undefined) found = { token: node.token, end: at };
    node = at < text.length ? node.next.get(text.charCodeAt(at)) : undefined;
  }
  return found;
}

function isApart(text: string, start: number, end: number): boolean {
  const words = codePointSet('word');
  const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1);
  const after = text.codePointAt(end);
  return (before === undefined || !words.has(before.codePointAt(0)!)) && (after === undefined || !words.has(after));
}

function spaceBefore(text: string, from: number): number {
  let at = from;
  while (at > 0 && whiteSpace.has(text.charCodeAt(at - 1))) at--;
  return at;
}

function spaceAfter(text: string, from: number): number {
  let at = from;
  while (at < text.length && whiteSpace.has(text.charCodeAt(at))) at++;
  return at;
}
