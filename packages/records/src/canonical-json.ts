import { sha256Hex } from '@attune/base';

/** JSON with the keys of every object sorted and no white space: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** sha256 in hex of a value's canonical JSON: equal for equal values, whatever the order of their keys. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

/** The value with the hash of everything else in it, by which a change by hand is seen. */
export function sealed<Value extends object>(value: Value): Value & { readonly hash: string } {
  const { hash: _, ...content } = value as Value & { readonly hash?: string };
  return { ...(content as Value), hash: contentHash(content) };
}

/** Whether a sealed value is as it was written. */
export function isSealed(value: { readonly hash: string }): boolean {
  return sealed(value).hash === value.hash;
}
