import { describe, expect, it } from 'vitest';
import { randomSource } from './random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('randomSource', () => {
  it('gives these numbers for seed 1, on any machine', () => {
    const source = randomSource(1);
    expect(draw(3, () => source.integer(1000))).toEqual([152, 754, 80]);
    expect(source.uniform()).toEqual(0.7521042390456142);
    expect(source.normal()).toEqual(0.6352069171385307);
    expect(source.permutation(8)).toEqual([1, 3, 6, 0, 2, 7, 4, 5]);
  });

  it('forks by path alone, whatever was drawn before', () => {
    const fresh = randomSource(7).fork('dropout').fork(3);
    const used = randomSource(7);
    draw(10, () => used.normal());
    const later = used.fork('dropout');
    later.permutation(5);
    expect(later.fork(3).uniform()).toBe(fresh.uniform());
  });

  it('keeps paths apart', () => {
    const root = randomSource(7);
    const sources = [root, root.fork('a'), root.fork('b'), root.fork(1), root.fork('1'), root.fork('a').fork('b')];
    const others = [root.fork('a,b'), root.fork('ab'), randomSource(8), randomSource(-7)];
    const first = [...sources, ...others].map((source) => source.uniform());
    expect(new Set(first).size).toBe(first.length);
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const source = randomSource(3);
    const count = 100_000;
    const moments = (values: readonly number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count };
    };
    const uniform = moments(draw(count, () => source.uniform()));
    expect(Math.abs(uniform.mean - 0.5)).toBeLessThan(0.004);
    expect(Math.abs(uniform.variance - 1 / 12)).toBeLessThan(0.002);
    const normal = moments(draw(count, () => source.normal()));
    expect(Math.abs(normal.mean)).toBeLessThan(0.014);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.02);
  });

  it('draws every integer below the limit about equally often', () => {
    const source = randomSource(4);
    const counts = new Array<number>(6).fill(0);
    for (let index = 0; index < 60_000; index++) counts[source.integer(6)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(450);
  });

  it('permutes', () => {
    const permutation = randomSource(5).permutation(50);
    expect(permutation).not.toEqual([...permutation].sort((a, b) => a - b));
    expect([...permutation].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(randomSource(5).permutation(0)).toEqual([]);
  });

  it('refuses a seed or a limit that is not an integer', () => {
    expect(() => randomSource(0.5)).toThrow('seed: expected an integer, got 0.5; give a whole number such as 0');
    expect(() => randomSource(1).integer(0)).toThrow('random integer: limit must be a positive integer, got 0');
  });
});
