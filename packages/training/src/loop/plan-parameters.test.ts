import type { ParameterSpec } from '@attune/core';
import { tinyBert } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { plainAttachment, toyObjective } from '../../test/training-toys.ts';
import { planParameters } from './session.ts';

const { model } = tinyBert();
const objective = toyObjective('classification', model);
const firstNoisyLayer = (isTrainable: (spec: ParameterSpec) => boolean) =>
  planParameters({ model, objective, attachment: plainAttachment(isTrainable) }).firstNoisyLayer;

const adapter = (layer?: number): ParameterSpec => ({
  name: 'adapter',
  shape: [2],
  role: 'adapter',
  initializer: { kind: 'zeros' },
  decay: true,
  ...(layer === undefined ? {} : { layer }),
});

describe('planParameters', () => {
  it('finds the lowest layer that something trains in', () => {
    expect(firstNoisyLayer(() => true)).toBe(0);
    expect(firstNoisyLayer(({ role }) => role === 'embeddings')).toBe(0);
    expect(firstNoisyLayer(({ layer, role }) => layer === 1 || role === 'pooler')).toBe(1);
    expect(firstNoisyLayer(({ role }) => role === 'classifier')).toBe(2);
    expect(firstNoisyLayer(() => false)).toBe(2);
  });

  it('takes an adapter without a layer to act from the bottom', () => {
    const withAdapter = (spec: ParameterSpec) =>
      planParameters({
        model,
        objective,
        attachment: { ...plainAttachment(({ role }) => role === 'adapter'), parameters: [spec] },
      });
    expect(withAdapter(adapter()).firstNoisyLayer).toBe(0);
    expect(withAdapter(adapter(1)).firstNoisyLayer).toBe(1);
    expect(withAdapter(adapter(1)).trainable.map(({ name }) => name)).toEqual(['adapter']);
  });

  it('drops what the objective never reads', () => {
    const roles = (kind: 'classification' | 'cloze') => {
      const { trainable } = planParameters({
        model,
        objective: toyObjective(kind, model),
        attachment: plainAttachment(),
      });
      return [...new Set(trainable.map(({ role }) => role))].sort();
    };
    expect(roles('classification')).toEqual(['classifier', 'embeddings', 'encoder', 'pooler']);
    expect(roles('cloze')).toEqual(['embeddings', 'encoder', 'lm-head']);
  });
});
