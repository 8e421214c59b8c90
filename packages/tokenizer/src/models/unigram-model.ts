import type { z } from 'zod';
import type { modelSchema } from '../model-schema.ts';
import { byteIds } from './byte-tokens.ts';
import { TokenTrie } from './token-trie.ts';

type UnigramSettings = Extract<z.infer<typeof modelSchema>, { type: 'Unigram' }>;

/** How much less likely than the least likely piece an unknown character is. */
const UNKNOWN_PENALTY = 10;

/**
 * Words to ids: the most likely pieces under a model of independent ones (Kudo 2018), found place by place. Unknown
 * characters beside each other are one.
 *
 * @param hidden  pieces that no text has
 */
export function unigramModel(settings: UnigramSettings, hidden: ReadonlySet<string>): (word: string) => number[] {
  const { vocab, unk_id: unknownId } = settings;
  const trie = new TokenTrie();
  const ids = new Map<string, number>();
  vocab.forEach(([piece], id) => {
    if (hidden.has(piece)) return;
    ids.set(piece, id);
    if (piece !== '') trie.add(piece, id);
  });
  const bytes = settings.byte_fallback ? byteIds(new Map(vocab.map(([piece], id) => [piece, id]))) : undefined;
  const unknownScore =
    vocab.reduce((least, [, score]) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
  const segment = (word: string) => bestPath(word, { trie, vocab, unknownId, unknownScore });
  return (word) => segment(word).flatMap((part) => ids.get(part) ?? bytes?.(part) ?? unknownId);
}

interface Lattice {
  readonly trie: TokenTrie;
  readonly vocab: UnigramSettings['vocab'];
  readonly unknownId: number;
  readonly unknownScore: number;
}

function bestPath(word: string, { trie, vocab, unknownId, unknownScore }: Lattice): string[] {
  const scores = new Float64Array(word.length + 1);
  const starts = new Int32Array(word.length + 1).fill(-1);
  const pieces = new Int32Array(word.length + 1);
  const reach = (from: number, to: number, id: number, score: number) => {
    const total = scores[from]! + score;
    if (starts[to] !== -1 && total <= scores[to]!) return;
    scores[to] = total;
    starts[to] = from;
    pieces[to] = id;
  };
  for (let at = 0; at < word.length; ) {
    const next = at + (word.codePointAt(at)! > 0xffff ? 2 : 1);
    let isKnown = false;
    trie.each(word, at, (id, end) => {
      reach(at, end, id, vocab[id]![1]);
      isKnown ||= end === next;
    });
    if (!isKnown) reach(at, next, unknownId, unknownScore);
    at = next;
  }
  return partsOf(word, starts, pieces, unknownId);
}

/** The pieces on the way back from the end, unknown ones beside each other as one. */
function partsOf(word: string, starts: Int32Array, pieces: Int32Array, unknownId: number): string[] {
  const parts: string[] = [];
  let unknownEnd = -1;
  for (let end = word.length; end > 0; end = starts[end]!) {
    const isUnknown = pieces[end] === unknownId;
    if (isUnknown && unknownEnd < 0) unknownEnd = end;
    if (!isUnknown && unknownEnd >= 0) {
      parts.push(word.slice(end, unknownEnd));
      unknownEnd = -1;
    }
    if (!isUnknown) parts.push(word.slice(starts[end], end));
  }
  if (unknownEnd >= 0) parts.push(word.slice(0, unknownEnd));
  return parts.reverse();
}
