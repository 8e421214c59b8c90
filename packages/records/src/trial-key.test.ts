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
