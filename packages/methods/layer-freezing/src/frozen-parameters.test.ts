import type { ParameterSpec } from '@attune/core';
import { tinyBert, tinyFamilies } from '@attune/testing';
import { expect, test } from 'vitest';
import { frozenBy } from './frozen-parameters.ts';
import { type LayerFreezingSettingsInput, layerFreezingSettings } from './settings.ts';

const { model } = tinyBert({ num_hidden_layers: 3 });
const classifier: readonly ParameterSpec[] = [
  { name: 'classifier.weight', shape: [2, 16], role: 'classifier', initializer: { kind: 'zeros' }, decay: true },
  { name: 'classifier.bias', shape: [2], role: 'classifier', initializer: { kind: 'zeros' }, decay: false },
];

/** Parts that are frozen as a whole, in part (marked "some") or not at all (left out). */
function frozenParts(input: LayerFreezingSettingsInput): string[] {
  const isFrozen = frozenBy(layerFreezingSettings.parse(input), model);
  const parts = new Map<string, boolean[]>();
  for (const parameter of [...model.parameters, ...classifier]) {
    const part = parameter.layer === undefined ? parameter.role : `layer ${parameter.layer}`;
    parts.set(part, [...(parts.get(part) ?? []), isFrozen(parameter)]);
  }
  return [...parts]
    .filter(([, frozen]) => frozen.includes(true))
    .map(([part, frozen]) => (frozen.includes(false) ? `some ${part}` : part));
}

test.each<[LayerFreezingSettingsInput, string[]]>([
  [{}, ['embeddings', 'layer 0', 'layer 1']],
  [{ bottomLayers: 0 }, ['embeddings']],
  [{ bottomLayers: 2, embeddings: false }, ['layer 0', 'layer 1']],
  [{ bottomLayers: '34%' }, ['embeddings', 'layer 0']],
  [{ bottomLayers: '100%' }, ['embeddings', 'layer 0', 'layer 1', 'layer 2']],
  [{ bottomLayers: 0, patterns: ['*.pooler.*'] }, ['embeddings', 'pooler']],
  [{ freeze: 'all-but-head' }, ['embeddings', 'layer 0', 'layer 1', 'layer 2', 'pooler']],
  [
    { freeze: 'all-but-biases' },
    ['some embeddings', 'some layer 0', 'some layer 1', 'some layer 2', 'some pooler', 'some lm-head'],
  ],
  [{ freeze: 'by-name', patterns: ['*.layer.1.*', '/word_embeddings/'] }, ['some embeddings', 'layer 1']],
])('%j freezes %j', (settings, expected) => expect(frozenParts(settings)).toEqual(expected));

test('more layers than there are', () => {
  expect(() => frozenBy(layerFreezingSettings.parse({ bottomLayers: 4 }), model)).toThrow(
    "layer-freezing: bottomLayers: expected at most the model's 3 layers, got 4",
  );
});

test('layers that share parameters are frozen together or not at all', () => {
  const { model: albert } = tinyFamilies().find(({ title }) => title === 'albert')!.subject;
  const frozen = (bottomLayers: number | string) => {
    const isFrozen = frozenBy(layerFreezingSettings.parse({ bottomLayers, embeddings: false }), albert);
    return albert.parameters.filter(isFrozen).map(({ role }) => role);
  };
  const encoder = albert.parameters.filter(({ role }) => role === 'encoder').map(({ role }) => role);
  expect(frozen(0)).toEqual([]);
  expect(frozen('100%')).toEqual(encoder);
  expect(() => frozen('50%')).toThrow(
    'layer-freezing: bottomLayers: the 2 layers of albert share parameters, so 1 of them cannot be frozen alone; ' +
      'expected 0 or 2 ("100%")',
  );
});
