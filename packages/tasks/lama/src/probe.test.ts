import { evaluationContext } from '@attune/core';
import { referenceEngine, tinyBert, tinyTokenizer } from '@attune/testing';
import type { SpecialIds } from '@attune/tokenizer';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type ProbeCall, probe, type Ranking, rankings } from './probe.ts';
import type { RelationProbes } from './probes.ts';

const { model, values } = tinyBert();
const tokenizer = tinyTokenizer();
const template = 'the [X] is [Y] .';
const fact = (sub_label: string, obj_label: string) => ({ sub_label, obj_label });
const probes: readonly RelationProbes[] = [
  {
    relation: { relation: 'colour', template },
    facts: [fact('boat', 'red'), fact('lamp', 'old'), fact('lamp', 'red')],
  },
  {
    relation: { relation: 'place', template: '[Y] has the [X]' },
    facts: [fact('lamp', 'garden'), fact('boat', 'sea')],
  },
];
const run = (change: Partial<ProbeCall> = {}) =>
  probe({ model, values, tokenizer, engine: referenceEngine(), probes, ...change });

/** Logits of the whole vocabulary at the mask of "the <subject> is [MASK] .", by the model alone. */
function logitsAt(subject: string): number[] {
  const { cls, sep, mask } = tokenizer.specialIds as Required<SpecialIds>;
  const ids = [cls, ...tokenizer.encode(`the ${subject} is`), mask, ...tokenizer.encode('.'), sep];
  return tf.tidy(() => {
    const parameters = new Map([...values].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
    const row = (numbers: readonly number[]) => tf.tensor2d([[...numbers]], [1, ids.length], 'int32');
    const inputs = { inputIds: row(ids), tokenTypeIds: row(ids.map(() => 0)), attentionMask: row(ids.map(() => 1)) };
    const { last } = model.encode({ parameters, inputs, hooks: {}, context: evaluationContext });
    const hidden = tf.slice(tf.squeeze(last, [0]), [4, 0], [1, model.hiddenSize]) as tf.Tensor2D;
    return [...model.languageModelLogits({ hidden, parameters }).dataSync()];
  });
}

describe('probe', () => {
  it("finds the rank of each object among the vocabulary's words at the mask", async () => {
    await tf.setBackend('cpu');
    const vocabulary = ['red', 'old', 'yes', 'no', 'garden'];
    const { relations, vocabularySize } = await run({ probes: [probes[0]!], vocabulary });
    const ranks = probes[0]!.facts.map(({ sub_label, obj_label }) => {
      const logits = logitsAt(sub_label);
      const of = (word: string) => logits[tokenizer.tokenToId(word)!]!;
      // The lamp is old and red: neither stands in the other's way.
      const others = sub_label === 'lamp' ? ['old', 'red'] : [];
      return 1 + vocabulary.filter((word) => !others.includes(word) && of(word) > of(obj_label)).length;
    });
    expect(vocabularySize).toBe(5);
    expect(new Set(ranks).size).toBeGreaterThan(1);
    expect(relations[0]!.meanReciprocalRank).toBeCloseTo(ranks.reduce((sum, rank) => sum + 1 / rank, 0) / 3, 12);
    expect(relations[0]!.precisionAt1).toBeCloseTo(ranks.filter((rank) => rank === 1).length / 3, 12);
  });

  it("lets a subject's other right objects leave the ranking, or keeps them as the released code does", async () => {
    const objects = ['red', 'old', 'garden', 'bridge'];
    const colours = { relation: probes[0]!.relation, facts: objects.map((object) => fact('boat', object)) };
    const scoresOf = async (ranking?: Ranking) => (await run({ probes: [colours], ...(ranking && { ranking }) })).mean;
    expect(await scoresOf()).toMatchObject({ precisionAt1: 1, precisionAt10: 1, meanReciprocalRank: 1 });
    const { precisionAt1, meanReciprocalRank } = await scoresOf('released-code');
    expect([precisionAt1, meanReciprocalRank]).toEqual([1 / 4, (1 + 1 / 2 + 1 / 3 + 1 / 4) / 4]);
  });

  it('keeps the objects of other subjects and relations in the ranking', async () => {
    const place = { relation: probes[1]!.relation, facts: [fact('boat', 'garden')] };
    const both = [{ relation: probes[0]!.relation, facts: [fact('boat', 'red'), fact('lamp', 'old')] }, place];
    const [paper, released] = await Promise.all(rankings.map((ranking) => run({ probes: both, ranking })));
    expect(paper!.relations).toEqual(released!.relations);
    expect([paper!.ranking, released!.ranking]).toEqual(rankings);
    expect(paper!.vocabularySize).toBe(3);
  });

  it('leaves out objects that are no single token, and counts them', async () => {
    const { relations, vocabularySize } = await run();
    expect(relations.map(({ relation, asked, leftOut }) => [relation, asked, leftOut])).toEqual([
      ['colour', 3, 0],
      ['place', 1, 1],
    ]);
    expect(vocabularySize).toBe(3);
  });

  it('refuses a vocabulary of which the model knows no word, and a fact that does not fit', async () => {
    await expect(run({ vocabulary: ['sea', 'sky'] })).rejects.toThrow(
      'vocabulary: none of its 2 words is a single token of the model, e.g. "sea", "sky"',
    );
    const long = { relation: { relation: 'long', template }, facts: [fact('lamp '.repeat(40), 'red')] };
    await expect(run({ probes: [long] })).rejects.toThrow(
      `long: "${'lamp '.repeat(40)}" gives 46 tokens, the model has room for 32`,
    );
  });
});
