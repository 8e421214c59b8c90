import { nothingAttached } from '@attune/core';
import { expect, test } from 'vitest';
import type { RestoredTrial } from '../restore-trial.ts';
import { peftFormat } from './peft-format.ts';

const pooler = { name: 'pooler.weight', role: 'pooler' };
const attachment = { ...nothingAttached, toPeft: () => ({ config: '', tensors: new Map() }) };

const problemOf = (initialization: string, initialized: readonly string[], unusedRoles: readonly string[] = []) =>
  peftFormat.problem({
    record: { config: { method: { name: 'lora' }, model: { initialization } } },
    prepared: { attachment, model: { parameters: [pooler] }, objective: { unusedRoles, parameters: [] } },
    loaded: { initialized, model: { languageModel: 'masked', family: 'bert' } },
  } as unknown as RestoredTrial);

test.each([
  ['random weights', problemOf('random', []), "the base model's weights are random, and no checkpoint has them"],
  [
    'a part that the base lacks',
    problemOf('checkpoint', ['pooler.weight']),
    "the base model's checkpoint lacks pooler.weight, which PEFT would draw",
  ],
  ['a part that nothing reads', problemOf('checkpoint', ['pooler.weight'], ['pooler']), undefined],
  ['a whole base', problemOf('checkpoint', []), undefined],
])('%s', (_what, problem, expected) => {
  expect(problem).toBe(expected);
});
