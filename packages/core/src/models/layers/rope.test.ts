import { readFileSync } from 'node:fs';
import { floatTensor } from '@attune/base';
import { type Closeness, expectClose } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { readRope } from '../llama/config.ts';
import { ropeFrequencies } from './rotary.ts';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/fixtures/rope/${name}`, import.meta.url), 'utf8'));

interface RopeCase {
  readonly title: string;
  readonly rope: Readonly<Record<string, unknown>>;
  readonly max_position_embeddings: number;
  readonly frequencies: readonly number[];
  readonly scaling: number;
}

const cases: readonly RopeCase[] = fixture('frequencies.json');
const tolerance: Closeness = fixture('manifest.json').tolerance;
const headSize = 64;

describe.each(cases)('$title', ({ rope, frequencies, scaling, max_position_embeddings }) => {
  const { rope_theta, rope_type, ...scale } = rope;

  it.each([
    ['rope_parameters', { rope_parameters: rope }],
    [
      'rope_scaling, as older files have it',
      { rope_scaling: { type: rope_type, ...scale }, rope_theta: Number(rope_theta) },
    ],
  ])('has the frequencies of the reference implementation from %s', (_, fields) => {
    const read = readRope({ ...fields, max_position_embeddings }, headSize, 'config.json');
    const actual = ropeFrequencies(read);
    const all = (values: readonly number[], factor: number) => floatTensor([headSize / 2 + 1], [...values, factor]);
    expectClose(all(actual.frequencies, actual.scaling), all(frequencies, scaling), tolerance);
  });
});

describe('readRope', () => {
  it('takes 10000 and no extension when nothing is said', () => {
    const read = readRope({ rope_scaling: null, max_position_embeddings: 128 }, headSize, 'config.json');
    expect(read).toEqual({ rope_type: 'default', theta: 10_000, headSize, originalLength: 128 });
  });

  it('says what an extension lacks and which are known', () => {
    const read = (rope_scaling: Record<string, unknown>) => () =>
      readRope({ rope_scaling, max_position_embeddings: 128 }, headSize, 'config.json');
    expect(read({ type: 'linear' })).toThrow(
      'config.json: rope_scaling cannot be used\n  factor: expected a number, got nothing',
    );
    expect(read({ rope_type: 'longrope', factor: 2 })).toThrow(
      'config.json: rope_scaling cannot be used\n  rope_type: expected one of ',
    );
  });
});
