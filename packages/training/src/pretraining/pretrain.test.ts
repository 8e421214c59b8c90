import { hashTensors, randomSource } from '@attune/base';
import { referenceEngine, tinyBert, tinyGpt2, tinyLlama, tinyTokenizer } from '@attune/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PretrainCall, type PretrainingState, pretrain } from './pretrain.ts';
import { pretrainingEpochs } from './pretraining-epochs.ts';
import { type MaskedRecipe, type PretrainingRecipe, parsePretrainingRecipe } from './recipe.ts';

const recipe: PretrainingRecipe = {
  objective: 'masked',
  seed: 1,
  maxLength: 16,
  maskProbability: 0.3,
  warmupRatio: 0.1,
  weightDecay: 0.01,
  maxGradientNorm: 1,
  phases: [
    { corpus: ['facts.txt'], steps: 12, batchSize: 4, learningRate: 5e-3 },
    { corpus: ['facts.txt'], steps: 3, batchSize: 4, learningRate: 1e-3 },
  ],
};
const lines = [
  'the boat was red',
  'the lamp was old',
  'a boat was old',
  'a lamp was red',
  'the garden is old',
  'a bridge is red',
];
const run = (call: Partial<PretrainCall> = {}) =>
  pretrain({
    recipe,
    model: tinyBert().model,
    tokenizer: tinyTokenizer(),
    texts: [lines, lines],
    engine: referenceEngine(),
    ...call,
  });

/** The pre-training of the recipe, never stopped, that others are compared with. */
let whole: Awaited<ReturnType<typeof pretrain>>;
const seen: string[] = [];
beforeAll(async () => {
  whole = await run({ onProgress: ({ phase, step, totalSteps }) => seen.push(`${phase}:${step}/${totalSteps}`) });
});

describe('pretrain', () => {
  it('gives the same values and curve for the same seed, others for another', async () => {
    const [first, second, third] = [whole, await run(), await run({ recipe: { ...recipe, seed: 2 } })];
    expect(hashTensors(second.values)).toBe(hashTensors(first.values));
    expect(second.curve).toEqual(first.curve);
    expect(hashTensors(third.values)).not.toBe(hashTensors(first.values));
  });

  it('says which settings of a phase could not be followed', async () => {
    expect(whole.notes).toEqual([]);
    const phases = [recipe.phases[0]!, { ...recipe.phases[1]!, steps: 1, batchSize: 64 }];
    expect((await run({ recipe: { ...recipe, phases } })).notes).toEqual([
      'phase 2: batchSize 64: there are 6 instances to train on, so a step takes all of them',
      'phase 2: warmupRatio 0.1: the only step warms up, so its learning rate is 0',
    ]);
  });

  it('runs the phases one after the other and tells of every step', () => {
    const { curve } = whole;
    expect(seen).toEqual([
      ...Array.from({ length: 12 }, (_, index) => `0:${index + 1}/12`),
      ...Array.from({ length: 3 }, (_, index) => `1:${index + 1}/3`),
    ]);
    expect(curve.map(({ phase, step }) => [phase, step])).toEqual([
      [0, 12],
      [1, 3],
    ]);
    expect(curve[1]!.loss).toBeLessThan(curve[0]!.loss);
  });

  it('trains every parameter that the language model reads', async () => {
    const { model } = tinyBert();
    const untrained = await run({
      recipe: { ...recipe, phases: [{ ...recipe.phases[0]!, learningRate: 1e-30 }] },
      texts: [lines],
    });
    const { values } = whole;
    for (const { name, role } of model.parameters) {
      const same =
        hashTensors(new Map([[name, values.get(name)!]])) ===
        hashTensors(new Map([[name, untrained.values.get(name)!]]));
      expect(same, name).toBe(role === 'pooler');
    }
  });

  it.each([5, 12, 13])('goes on after step %i, in whatever phase, as if it had never been stopped', async (steps) => {
    let kept: PretrainingState | undefined;
    const controller = new AbortController();
    const save = async (state: PretrainingState) => {
      kept = state;
    };
    let taken = 0;
    const stopped = run({
      checkpoints: { everySteps: 1000, save },
      signal: controller.signal,
      onProgress: () => {
        taken += 1;
        if (taken === steps) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow('fine-tuning was stopped');
    expect(kept!.losses.flat()).toHaveLength(steps);
    const resumed = await run({ checkpoints: { everySteps: 4, from: kept, save } });
    expect(hashTensors(resumed.values)).toBe(hashTensors(whole.values));
    expect(resumed.curve).toEqual(whole.curve);
    expect(kept!.losses.map(({ length }) => length)).toEqual([12, 3]);
  });

  it('masks otherwise in a phase that says so', () => {
    const tokenizer = tinyTokenizer();
    const [first, second] = recipe.phases as MaskedRecipe['phases'];
    const masking = { maskProbability: 1e-9, salient: { words: ['boat', 'lamp'], maskProbability: 1 - 1e-9 } };
    const phases = [first!, { ...second!, masking }];
    const call = { recipe: { ...(recipe as MaskedRecipe), phases }, tokenizer, texts: [lines, lines] };
    const asked = (index: number) =>
      pretrainingEpochs(call, { index, random: randomSource(1) })(0).map(({ targets }) => tokenizer.decode(targets!));
    expect(asked(1).slice(0, 4)).toEqual(['boat', 'lamp', 'boat', 'lamp']);
    expect(asked(0)).not.toEqual(asked(1));
    expect(() => parsePretrainingRecipe({ ...call.recipe, objective: 'causal' })).toThrow('masking');
  });

  it.each([
    ['gpt2', tinyGpt2().model],
    ['llama', tinyLlama().model],
  ])('teaches %s what comes next', async (_, model) => {
    const { maskProbability: _unused, ...shared } = recipe as MaskedRecipe;
    const causal: PretrainingRecipe = {
      ...shared,
      objective: 'causal',
      phases: [{ corpus: ['facts.txt'], steps: 60, batchSize: 6, learningRate: 1e-2 }],
    };
    const { curve, values } = await run({ recipe: causal, model, texts: [lines] });
    expect([...values.keys()]).toEqual(model.parameters.map(({ name }) => name));
    // One of six lines of five tokens: ln 6 / 5 = 0.36 nats a token at best, ln 50 = 3.9 for a guess.
    expect(curve.at(-1)!.loss).toBeLessThan(0.8);
    expect(curve[0]!.loss).toBeGreaterThan(curve.at(-1)!.loss);
  });

  it('refuses an objective that is not the model’s', async () => {
    await expect(run({ model: tinyGpt2().model })).rejects.toThrow(
      'pre-training: the recipe\'s objective is "masked", but gpt2 is a causal language model; set it to "causal"',
    );
  });

  it('refuses a phase without text and salient words that are no tokens', async () => {
    await expect(run({ texts: [lines, []] })).rejects.toThrow('pre-training: phase 2 has no text to train on');
    const salient = { words: ['boat', 'xyzzy'], maskProbability: 0.5 };
    await expect(run({ recipe: { ...recipe, salient } })).rejects.toThrow(
      'pre-training: salient.words: xyzzy is no token of the vocabulary; name whole tokens',
    );
  });
});
