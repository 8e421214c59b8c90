import { z } from 'zod';
import { byteFallback, type TokenModel, type WordToken } from './token-model.ts';

export const unigramSchema = z.looseObject({
  type: z.literal('Unigram'),
  vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
  unk_id: z.int().min(0),
  byte_fallback: z.boolean().default(false),
});
type UnigramSettings = z.infer<typeof unigramSchema>;

/** What an unknown character costs beyond the least likely piece. */
const UNKNOWN_PENALTY = 10;

/**
 * The most likely segmentation under independent pieces (Kudo 2018): Viterbi over the positions of a word. Neighbouring
 * unknown characters are one unknown token. Pieces named in `unreachable` are never found in a text.
 */
export function createUnigram(config: UnigramSettings, unreachable: ReadonlySet<string>): TokenModel {
  const { vocab, unk_id: unknownId } = config;
  if (unknownId >= vocab.length) {
    throw new Error(`model: unk_id ${unknownId} is outside its ${vocab.length} pieces`);
  }
  const unknownScore = vocab.reduce((least, [, score]) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const ids = new Map(vocab.map(([piece], id) => [piece, id]));
  const pieces = buildTrie(vocab, unreachable);
  return (chars) => {
    const runs = joinUnknown(bestPath(chars, { pieces, unknownScore, vocab }));
    return runs.flatMap(({ id, start, end }): WordToken[] => {
      if (id !== undefined) return [{ id, start, end }];
      const bytes = config.byte_fallback ? byteFallback(chars.slice(start, end).join(''), ids) : undefined;
      if (bytes !== undefined) return bytes.map((byte) => ({ id: byte, start, end }));
      return [{ id: unknownId, start, end }];
    });
  };
}

interface TrieNode {
  readonly next: Map<string, TrieNode>;
  id?: number;
}

function buildTrie(vocab: UnigramSettings['vocab'], unreachable: ReadonlySet<string>): TrieNode {
  const root: TrieNode = { next: new Map() };
  vocab.forEach(([piece], id) => {
    if (piece === '' || unreachable.has(piece)) return;
    let node = root;
    for (const char of piece) {
      const next = node.next.get(char) ?? { next: new Map() };
      node.next.set(char, next);
      node = next;
    }
    node.id = id;
  });
  return root;
}

/** The best way to reach a position: from where, by which piece (none: an unknown character), how likely. */
interface Step {
  readonly start: number;
  readonly id: number | undefined;
  readonly score: number;
}

interface Pieces {
  readonly pieces: TrieNode;
  readonly vocab: UnigramSettings['vocab'];
  readonly unknownScore: number;
}

type Run = Pick<Step, 'start' | 'id'> & { readonly end: number };

function bestPath(chars: readonly string[], { pieces, vocab, unknownScore }: Pieces): Run[] {
  const best: (Step | undefined)[] = [{ start: 0, id: undefined, score: 0 }];
  const offer = (end: number, step: Step) => {
    const known = best[end];
    if (known === undefined || step.score > known.score) best[end] = step;
  };
  for (let start = 0; start < chars.length; start++) {
    const { score } = best[start]!;
    let node: TrieNode | undefined = pieces;
    let isCovered = false;
    for (let end = start + 1; end <= chars.length; end++) {
      node = node.next.get(chars[end - 1]!);
      if (node === undefined) break;
      if (node.id === undefined) continue;
      offer(end, { start, id: node.id, score: score + vocab[node.id]![1] });
      isCovered ||= end === start + 1;
    }
    if (!isCovered) offer(start + 1, { start, id: undefined, score: score + unknownScore });
  }
  const runs: Run[] = [];
  for (let end = chars.length; end > 0; end = best[end]!.start) {
    const { start, id } = best[end]!;
    runs.push({ start, id, end });
  }
  return runs.reverse();
}

function joinUnknown(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && last.id === undefined && run.id === undefined) {
      joined[joined.length - 1] = { ...last, end: run.end };
    } else {
      joined.push(run);
    }
  }
  return joined;
}
