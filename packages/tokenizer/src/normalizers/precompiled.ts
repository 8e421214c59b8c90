import { clusters } from '../unicode/clusters.ts';
import { joinWithin } from './growth.ts';

/** Longest cluster, in UTF-8 bytes, that is looked up whole before its characters are. */
const MAX_CLUSTER_BYTES = 5;
const encoder = new TextEncoder();

/**
 * SentencePiece's compiled normalisation rules: a double-array trie of UTF-8 strings, and the texts that replace them.
 *
 * @param charsmap  uint32 size of the trie in bytes, the trie's uint32 units, then texts that end in a zero byte
 * @returns undefined when the bytes are no such map
 */
export function createPrecompiled(charsmap: Uint8Array): ((text: string, most: number) => string) | undefined {
  if (charsmap.length < 8) return undefined;
  const view = new DataView(charsmap.buffer, charsmap.byteOffset, charsmap.byteLength);
  const trieSize = view.getUint32(0, true);
  if (trieSize === 0 || trieSize % 4 !== 0 || trieSize + 4 > charsmap.length) return undefined;
  const trie = Uint32Array.from({ length: trieSize / 4 }, (_, unit) => view.getUint32(4 + 4 * unit, true));
  const texts = charsmap.subarray(4 + trieSize);
  const known = new Map<number, string>();
  const replacement = (part: string): string | undefined => {
    const at = shortestMatch(trie, encoder.encode(part));
    if (at === undefined || at >= texts.length) return undefined;
    const text = known.get(at) ?? textAt(texts, at);
    known.set(at, text);
    return text;
  };
  return (text, most) => applyRules(text, replacement, most);
}

function textAt(texts: Uint8Array, at: number): string {
  const end = texts.indexOf(0, at);
  return new TextDecoder().decode(texts.subarray(at, end < 0 ? texts.length : end));
}

/** The value of the shortest key that starts `key`. Units as in darts-clone: label, leaf flag and offset in 32 bits. */
function shortestMatch(trie: Uint32Array, key: Uint8Array): number | undefined {
  let node = offsetOf(trie[0]!);
  for (const byte of key) {
    node ^= byte;
    const unit = trie[node];
    if (byte === 0 || unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
    node ^= offsetOf(unit);
    if (((unit >>> 8) & 1) === 1) return (trie[node] ?? 0) & 0x7fffffff;
  }
  return undefined;
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function applyRules(text: string, replacement: (part: string) => string | undefined, most: number): string {
  const written = clusters(text).map((cluster) => {
    const whole = encoder.encode(cluster).length <= MAX_CLUSTER_BYTES ? replacement(cluster) : undefined;
    const each = () => Array.from(cluster, (char) => replacement(char) ?? char);
    return whole ?? joinWithin(each(), most);
  });
  return joinWithin(written, most);
}
