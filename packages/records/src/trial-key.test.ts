import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { sampleConfig as sample } from './testing/sample-record.ts';
import { trialKey } from './trial-record.ts';

const sampleConfig = sample();

describe('canonicalJson', () => {
  it('sorts keys at every depth, keeps arrays in order and leaves undefined out', () => {
    expect(canonicalJson({ b: [{ z: 1, a: 'x' }, 2], a: { d: null, c: undefined } })).toBe(
      '{"a":{"d":null},"b":[{"a":"x","z":1},2]}',
    );
  });

  it('is the same whatever the order of the keys, at every depth, and another for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.infiniteStream(fc.nat()), (value, other, order) => {
        expect(canonicalJson(reordered(value, order))).toBe(canonicalJson(value));
        const isSame = isDeepStrictEqual(plain(value), plain(other));
        expect(canonicalJson(value) === canonicalJson(other)).toBe(isSame);
      }),
    );
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('trialKey', () => {
  it('is pinned for a given configuration', () => {
    expect(trialKey(sampleConfig)).toBe('b73e004954a4ba629780b4e3fe71d7eb28f17ef542f82defe486ef5abb3a0a7f');
    const reordered = Object.fromEntries(Object.entries(sampleConfig).reverse()) as typeof sampleConfig;
    expect(trialKey(reordered)).toBe(trialKey(sampleConfig));
  });

  it('changes with every leaf of the configuration', () => {
    const keys = new Set([trialKey(sampleConfig)]);
    const paths = leaves(sampleConfig);
    for (const path of paths) keys.add(trialKey(changed(sampleConfig, path)));
    expect(keys.size).toBe(paths.length + 1);
    expect(paths.length).toBeGreaterThan(20);
  });
});

/** The value with the keys of each object in another order. */
function reordered(value: unknown, order: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, order));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map((entry) => ({ entry, place: order.next().value as number }));
  const sorted = entries
    .sort((a, b) => a.place - b.place)
    .map(({ entry: [key, inner] }) => [key, reordered(inner, order)]);
  return Object.fromEntries(sorted);
}

/** As JSON has it: no sign of zero, no prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function leaves(value: object): string[][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' ? leaves(inner).map((rest) => [key, ...rest]) : [[key]],
  );
}

function changed<Value extends object>(value: Value, path: readonly string[]): Value {
  const copy = structuredClone(value) as Record<string, unknown>;
  const last = path.at(-1)!;
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key] as Record<string, unknown>, copy);
  parent[last] = `${String(parent[last])}*`;
  return copy as Value;
}
