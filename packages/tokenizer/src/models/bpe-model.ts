import type { z } from 'zod';
import type { modelSchema } from '../model-schema.ts';
import { byteIds } from './byte-tokens.ts';
import { MergeHeap } from './merge-heap.ts';

type BpeSettings = Extract<z.infer<typeof modelSchema>, { type: 'BPE' }>;

interface Merge {
  readonly rank: number;
  readonly result: number;
}

/** Above any id, below 2^53 when squared and above any place in a text. */
const PLACES = 2 ** 26;
const CACHED_WORDS = 10_000;
const CACHED_LENGTH = 256;

/**
 * Words to ids: characters, of which the pair whose merge was learnt first is merged until none is left (Sennrich et al.
 * 2016). Unknown characters become their bytes, the unknown token, or nothing, as the settings say.
 */
export function bpeModel(settings: BpeSettings): (word: string) => readonly number[] {
  const { vocab, ignore_merges: isWhole } = settings;
  const merges = mergeTable(settings);
  const symbols = symbolsOf(settings);
  const cache = new Map<string, readonly number[]>();
  return (word) => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    const whole = isWhole ? vocab.get(word) : undefined;
    const ids = whole === undefined ? mergeAll(symbols(word), merges) : [whole];
    if (cache.size >= CACHED_WORDS) cache.clear();
    if (word.length <= CACHED_LENGTH) cache.set(word, ids);
    return ids;
  };
}

function mergeTable({ vocab, merges, continuing_subword_prefix: prefix }: BpeSettings): ReadonlyMap<number, Merge> {
  const cut = prefix?.length ?? 0;
  return new Map(
    merges.map(([first, second], rank) => [
      vocab.get(first)! * PLACES + vocab.get(second)!,
      { rank, result: vocab.get(first + second.slice(cut))! },
    ]),
  );
}

/** Ids of a word's characters before any merge. */
function symbolsOf(settings: BpeSettings): (word: string) => number[] {
  const { vocab, unk_token, fuse_unk: isFused } = settings;
  const prefix = settings.continuing_subword_prefix ?? '';
  const suffix = settings.end_of_word_suffix ?? '';
  const unknown = unk_token === null ? undefined : vocab.get(unk_token);
  const bytes = settings.byte_fallback ? byteIds(vocab) : undefined;
  return (word) => {
    const ids: number[] = [];
    let isUnknown = false;
    let at = 0;
    for (const char of word) {
      const written = (at === 0 ? '' : prefix) + char + (at + char.length === word.length ? suffix : '');
      at += char.length;
      const id = vocab.get(written);
      const own = id === undefined ? bytes?.(written) : [id];
      if (own !== undefined) ids.push(...own);
      else if (unknown !== undefined && !(isUnknown && isFused)) ids.push(unknown);
      isUnknown = own === undefined;
    }
    return ids;
  };
}

/** Makes every merge there is, the one learnt first before the others. */
function mergeAll(ids: number[], merges: ReadonlyMap<number, Merge>): number[] {
  if (ids.length < 2) return ids;
  const next = ids.map((_, at) => at + 1);
  const previous = ids.map((_, at) => at - 1);
  const heap = new MergeHeap();
  const pairAt = (at: number): Merge | undefined => {
    const right = next[at]!;
    return right < ids.length ? merges.get(ids[at]! * PLACES + ids[right]!) : undefined;
  };
  const offer = (at: number) => {
    const merge = at < 0 ? undefined : pairAt(at);
    if (merge !== undefined) heap.push(merge.rank * PLACES + at, merge.result);
  };
  ids.forEach((_, at) => {
    offer(at);
  });
  while (heap.size > 0) {
    const { key, result } = heap.pop();
    const at = key % PLACES;
    if (ids[at] === GONE || pairAt(at)?.result !== result) continue;
    const right = next[at]!;
    ids[at] = result;
    ids[right] = GONE;
    next[at] = next[right]!;
    if (next[at]! < ids.length) previous[next[at]!] = at;
    offer(previous[at]!);
    offer(at);
  }
  return ids.filter((id) => id !== GONE);
}

/** In place of an id that was merged into the one before it. */
const GONE = -1;
