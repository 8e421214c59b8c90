import { floatTensor, type HostTensors } from '@attune/base';
import { tinyBert, tinyGpt2 } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { type FitHeadCall, fitHead } from './fit-head.ts';

const { model, config, values: backbone } = tinyBert();
const rows = (...numbers: readonly number[]) =>
  floatTensor(
    [numbers.length, 16],
    numbers.flatMap((number) => new Array<number>(16).fill(number)),
  );
const parameters = ['classifier.weight', 'classifier.bias'];
const values: HostTensors = new Map([
  ...backbone,
  ['classifier.weight', rows(0, 1, 2)],
  ['classifier.bias', floatTensor([3], [0, 10, 20])],
]);

type Head = NonNullable<FitHeadCall['loaded']['head']>;

const fit = (head: Partial<Head>, labels: readonly string[], kind: FitHeadCall['kind'] = 'classification') =>
  fitHead({
    loaded: { model, config, values, head: { kind: 'classification', labels: ['a', 'b', 'c'], parameters, ...head } },
    kind,
    labels,
  });

describe('a head of a checkpoint is used', () => {
  it('as it is, where the labels are the same', () => {
    expect(fit({}, ['a', 'b', 'c'])).toEqual({
      values,
      notes: ["the checkpoint's classification head (a, b, c) is used, for the labels a, b, c"],
    });
  });

  it('in the order of the task, whatever the case of letters', () => {
    const fitted = fit({ labels: ['Entailment', 'NEUTRAL', 'contradiction'] }, [
      'entailment',
      'contradiction',
      'neutral',
    ]);
    expect(fitted.values.get('classifier.weight')).toEqual(rows(0, 2, 1));
    expect(fitted.values.get('classifier.bias')).toEqual(floatTensor([3], [0, 20, 10]));
    expect([...fitted.values.keys()]).toEqual([...values.keys()]);
    expect(fitted.notes).toEqual([
      "the checkpoint's classification head (Entailment, NEUTRAL, contradiction) is used, for the labels entailment, " +
        'contradiction, neutral',
    ]);
  });

  it('in its own order, where nobody named its outputs', () => {
    const fitted = fit({ labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'] }, ['x', 'y', 'z']);
    expect(fitted.values).toBe(values);
    expect(fitted.notes[0]).toMatch(/\(LABEL_0, LABEL_1, LABEL_2\) is used, for the labels x, y, z$/);
  });

  it('for a choice, of a decoder with one output too', () => {
    expect(fit({ kind: 'choice', labels: ['score'] }, [], 'choice').values).toBe(values);
    const gpt2 = tinyGpt2();
    const scored = new Map([...gpt2.values, ['score.weight', rows(1)]]);
    const head: Head = { kind: 'classification', labels: ['LABEL_0'], parameters: ['score.weight'] };
    expect(fitHead({ loaded: { ...gpt2, values: scored, head }, kind: 'choice', labels: [] }).values).toBe(scored);
  });
});

describe('a head of a checkpoint is left out', () => {
  it.each<[string, Partial<Head>, readonly string[], FitHeadCall['kind']]>([
    ['with other labels', {}, ['a', 'b', 'd'], 'classification'],
    ['with more labels', {}, ['a', 'b'], 'classification'],
    ['with fewer made-up labels', { labels: ['LABEL_0', 'LABEL_1'] }, ['a', 'b', 'c'], 'classification'],
    ['of another kind', {}, [], 'choice'],
    ['for several labels at once', { problemType: 'multi_label_classification' }, ['a', 'b', 'c'], 'classification'],
    ['with labels that case alone tells apart', { labels: ['a', 'A', 'b'] }, ['A', 'a', 'b'], 'classification'],
  ])('%s', (_, head, labels, kind) => {
    const fitted = fit(head, labels, kind);
    expect([...fitted.values]).toEqual([...backbone]);
    expect(fitted.notes[0]).toMatch(/^the checkpoint's classification head .* is not used: .*; a new one is drawn/);
  });
});

it('says nothing of checkpoints without a head, nor of values without it', () => {
  expect(fitHead({ loaded: { model, config, values: backbone }, kind: 'classification', labels: ['a'] })).toEqual({
    values: backbone,
    notes: [],
  });
  const head: Head = { kind: 'classification', labels: ['a', 'b', 'c'], parameters };
  const drawn = fitHead({ loaded: { model, config, values: backbone, head }, kind: 'choice', labels: [] });
  expect(drawn).toEqual({ values: backbone, notes: [] });
});
