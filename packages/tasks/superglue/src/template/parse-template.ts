import { ConfigError } from '@attune/base';

/** What a template is made of, in order; `glued` to what is before it where no white space is written between. */
export type Piece = PieceKind & { readonly glued?: true };

type PieceKind =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string; readonly shorten?: 'start' | 'end' }
  | { readonly kind: 'virtual' }
  | { readonly kind: 'mask'; readonly many: boolean }
  | { readonly kind: 'separator' }
  | { readonly kind: 'boundary' };

/** A pattern, or the segments for a classification head, parsed; see `parseTemplate`. */
export interface Template {
  /** As written; for messages. */
  readonly source: string;
  readonly pieces: readonly Piece[];
  readonly numSlots: number;
}

const MARKER = /(\{[^{}]*\}|\[[A-Z]+\*?\]|\|\|)/;
const FIELD = /^\{(~?)([A-Za-z][A-Za-z0-9]*)(~?)\}$/;

/**
 * Parses the template language:
 *
 * | written | means |
 * |---|---|
 * | `{premise}` | a field of the row, whole |
 * | `{premise~}`, `{~premise}` | a field that may lose tokens at its end, at its start |
 * | `[P]` | a slot for pseudo tokens; vanishes when there are none |
 * | `[M]`, `[M*]` | one mask, or as many as the candidate needs |
 * | `[SEP]` | the separator token inside a segment |
 * | `\|\|` | the boundary between the two segments, at most once |
 *
 * Anything else is text of the pattern. Text and fields are tokenised separately and joined; what follows white space
 * in the template is tokenised as after a space, which matters to byte-level vocabularies.
 *
 * @throws ConfigError for an unknown marker or a second mask or boundary
 */
export function parseTemplate(source: string): Template {
  const pieces = parsePieces(source);
  for (const kind of ['mask', 'boundary'] as const) {
    if (pieces.filter((piece) => piece.kind === kind).length > 1) {
      throw new ConfigError(`template "${source}": expected at most one ${kind}`);
    }
  }
  return { source, pieces, numSlots: pieces.filter((piece) => piece.kind === 'virtual').length };
}

function parsePieces(source: string): Piece[] {
  const pieces: Piece[] = [];
  let before = ' ';
  for (const part of source.split(MARKER)) {
    const isGlued = /\S$/.test(before) && /^\S/.test(part);
    if (part.trim() !== '') pieces.push({ ...parsePiece(part, source), ...(isGlued && { glued: true }) });
    if (part !== '') before = part;
  }
  return pieces;
}

function parsePiece(part: string, source: string): PieceKind {
  if (part === '||') return { kind: 'boundary' };
  if (part === '[P]') return { kind: 'virtual' };
  if (part === '[SEP]') return { kind: 'separator' };
  if (part === '[M]' || part === '[M*]') return { kind: 'mask', many: part === '[M*]' };
  const [, front, name, back] = FIELD.exec(part) ?? [];
  if (name !== undefined && !(front && back)) {
    if (!front && !back) return { kind: 'field', name };
    return { kind: 'field', name, shorten: front ? 'start' : 'end' };
  }
  if (MARKER.test(part)) {
    throw new ConfigError(
      `template "${source}": unknown marker "${part}"; known: {field}, {field~}, {~field}, [P], [M], [M*], [SEP], ||`,
    );
  }
  return { kind: 'text', text: part };
}
