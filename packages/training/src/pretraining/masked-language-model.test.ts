import { randomSource } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { type MaskedLanguageModelCall, maskedLanguageModelInstances } from './language-model-instances.ts';

const tokenizer = { vocabSize: 30, specialIds: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 } };
const line = (length: number) => Array.from({ length }, (_, index) => 5 + (index % 20));
const mask = (call: Partial<MaskedLanguageModelCall> = {}) =>
  maskedLanguageModelInstances({
    lines: Array.from({ length: 2000 }, () => line(10)),
    tokenizer,
    random: randomSource(1),
    maskProbability: 0.2,
    maxLength: 16,
    ...call,
  });

describe('maskedLanguageModelInstances', () => {
  it('keeps everything but the chosen positions, whose targets are the original ids', () => {
    for (const { sequence, targets } of mask()) {
      const restored = [...sequence.inputIds];
      sequence.maskPositions.forEach((position, index) => {
        restored[position] = targets![index]!;
      });
      expect(restored).toEqual([2, ...line(10), 3]);
      expect(sequence.maskPositions.length).toBeGreaterThan(0);
    }
  });

  it('chooses words at the given rate and replaces them 80 / 10 / 10', () => {
    const instances = mask();
    const replaced = instances.flatMap(({ sequence, targets }) =>
      sequence.maskPositions.map((position, index) => {
        const id = sequence.inputIds[position]!;
        return id === tokenizer.specialIds.mask ? 'mask' : id === targets![index] ? 'kept' : 'random';
      }),
    );
    const share = (kind: string) => replaced.filter((other) => other === kind).length / replaced.length;
    // 0.8^10 of the lines would have no mask and get one.
    expect(replaced.length / 20_000).toBeCloseTo(0.2 + 0.8 ** 10 / 10, 1);
    expect(share('mask')).toBeCloseTo(0.8, 1);
    expect(share('kept')).toBeCloseTo(0.1, 1);
    expect(share('random')).toBeCloseTo(0.1, 1);
  });

  it('masks the pieces of a word together', () => {
    const lines = Array.from({ length: 200 }, () => [5, 6, 25, 26, 7, 27]);
    for (const { sequence } of mask({ lines, isContinuation: (id) => id >= 25 })) {
      const chosen = new Set(sequence.maskPositions);
      expect(chosen.has(3)).toBe(chosen.has(2));
      expect(chosen.has(4)).toBe(chosen.has(2));
      expect(chosen.has(6)).toBe(chosen.has(5));
      expect(chosen.has(2) || chosen.has(1) || chosen.has(5)).toBe(true);
    }
  });

  it('asks for salient words more often', () => {
    const salient = { ids: new Set([5]), maskProbability: 0.9 };
    const instances = mask({ salient });
    const rate = instances.filter(({ sequence }) => sequence.maskPositions.includes(1)).length / instances.length;
    expect(rate).toBeCloseTo(0.9, 1);
  });

  it('cuts long lines at the end and passes over empty ones', () => {
    const [only, ...rest] = mask({ lines: [[], line(40)] });
    expect(rest).toEqual([]);
    expect(only!.sequence.inputIds).toHaveLength(16);
    expect(only!.sequence.inputIds.at(-1)).toBe(tokenizer.specialIds.sep);
  });

  it('gives the same masks for the same random path and others for another', () => {
    const lines = [line(14), line(14)];
    expect(mask({ lines, random: randomSource(3) })).toEqual(mask({ lines, random: randomSource(3) }));
    expect(mask({ lines, random: randomSource(3) })).not.toEqual(mask({ lines, random: randomSource(4) }));
  });

  it('refuses settings that make no sense', () => {
    expect(() => mask({ maskProbability: 0 })).toThrow(
      'pre-training: maskProbability: expected a number between 0 and 1, got 0; BERT has 0.15',
    );
    expect(() => mask({ maxLength: 2 })).toThrow(
      'pre-training: maxLength: expected an integer of at least 3, got 2; 64 would do',
    );
    // Among special tokens alone no token could ever be drawn.
    expect(() => mask({ tokenizer: { ...tokenizer, vocabSize: 5 } })).toThrow(
      'pre-training: expected a vocabulary with ordinary tokens, got 5 that are all special; add words to it',
    );
    expect(mask({ tokenizer: { ...tokenizer, vocabSize: 6 }, lines: [[5]] })).toHaveLength(1);
  });
});
