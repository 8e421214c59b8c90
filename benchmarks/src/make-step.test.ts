import { expect, test } from 'vitest';
import { headNames } from './cell.ts';
import { makeStep, storeValues } from './make-step.ts';
import { methodNames } from './methods.ts';
import { shapes } from './shapes.ts';

const config = { ...shapes[0]!.config, hidden_size: 16, intermediate_size: 64, vocab_size: 130 };
const shape = { ...shapes[0]!, config, batchSize: 3, length: 24 };

/** Names of trainable parameters with the layer's number kept. */
const trainableOf = (method: (typeof methodNames)[number], head: (typeof headNames)[number]) =>
  makeStep({ shape, method, head }).plan.trainable.map(({ name }) => name);

test('half-frozen trains the upper layer and what is above it', () => {
  const names = trainableOf('half-frozen', 'classification');
  expect(names.filter((name) => !name.startsWith('bert.encoder.layer.1.'))).toEqual([
    'bert.pooler.dense.weight',
    'bert.pooler.dense.bias',
    'classifier.weight',
    'classifier.bias',
  ]);
});

test('lora trains the factors on query and value, and a new head', () => {
  expect(
    trainableOf('lora', 'cloze').map((name) => name.replace(/^bert\.encoder\.layer\.\d+\.attention\./, '')),
  ).toEqual(
    [0, 1].flatMap(() =>
      ['query', 'value'].flatMap((target) => [`self.${target}.lora_A.weight`, `self.${target}.lora_B.weight`]),
    ),
  );
  expect(trainableOf('lora', 'classification')).toContain('classifier.weight');
});

test.each(headNames.flatMap((head) => methodNames.map((method) => [head, method] as const)))(
  '%s with %s: the same values each time, for every parameter',
  (head, method) => {
    const [made, again] = [makeStep({ shape, method, head }), makeStep({ shape, method, head })];
    expect(again.weights).toEqual(made.weights);
    expect(again.batch).toEqual(made.batch);
    const { state, frozen } = storeValues(made);
    expect(state.size).toBe(3 * made.plan.trainable.length);
    expect(frozen.size).toBe(made.plan.frozen.length);
  },
);

test('sequences are padded, and no weight is zero throughout', () => {
  const { batch, weights } = makeStep({ shape, method: 'lora', head: 'cloze' });
  const mask = batch.get('attentionMask')!.data;
  expect(mask.includes(0)).toBe(true);
  for (const [name, { data }] of weights)
    expect(
      data.every((value) => value === 0),
      name,
    ).toBe(false);
});
