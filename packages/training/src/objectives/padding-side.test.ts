import { type HostTensors, randomSource } from '@attune/base';
import { evaluationContext, type InstanceKind, initializeParameters } from '@attune/core';
import { expectAllClose, referenceEngine, tinyBert, tinyGpt2, tinyLlama } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { toyInstances, toyObjective, toySequence } from '../../test/training-toys.ts';
import { collateSequences } from './collate.ts';
import type { BatchShape } from './objective.ts';

const kinds: InstanceKind[] = ['classification', 'choice', 'cloze', 'candidates', 'fill'];
const models = { bert: tinyBert(), gpt2: tinyGpt2(), llama: tinyLlama() };
const right: BatchShape = { length: 16, batchSize: 4, padId: 0, numVirtualTokens: 0, purpose: 'train' };

/** Loss and outputs of three instances and a row that only fills the batch. */
async function computed(
  name: keyof typeof models,
  kind: InstanceKind,
  paddingSide: 'left' | 'right',
): Promise<HostTensors> {
  const { model, values } = models[name];
  const objective = toyObjective(kind, model);
  const omitted = objective.unusedRoles;
  const backbone = model.parameters.filter(({ role }) => !omitted.includes(role));
  const head = initializeParameters(objective.parameters, randomSource(3));
  const engine = referenceEngine();
  const step = engine.prepare({
    name: 'padding',
    state: engine.createStore(new Map()),
    frozen: engine.createStore(
      new Map([...backbone.map(({ name: own }) => [own, values.get(own)!] as const), ...head]),
    ),
    run: ({ frozen, batch }) => {
      const call = { parameters: frozen, batch, hooks: {}, context: evaluationContext };
      return { outputs: new Map([...objective.outputs(call), ['loss', objective.loss(call)]]) };
    },
  });
  return step.run(objective.collate(toyInstances(kind, 3), { ...right, paddingSide }));
}

const cases = (Object.keys(models) as (keyof typeof models)[]).flatMap((name) =>
  // Only a masked language model fills masks with any words.
  kinds.filter((kind) => kind !== 'fill' || name === 'bert').map((kind) => [name, kind] as const),
);

describe('padding', () => {
  it.each(cases)('%s, %s: on either side gives the same loss and outputs', async (name, kind) => {
    const [onRight, onLeft] = [await computed(name, kind, 'right'), await computed(name, kind, 'left')];
    expectAllClose(onLeft, onRight, { relative: 1e-4, absolute: 1e-5 });
  });
});

describe('collateSequences', () => {
  const sequence = { ...toySequence({ clue: 7, length: 4 }), virtualTokenPositions: [1] };

  it('says where tokens stand when padding is on the left', () => {
    const batch = collateSequences([sequence], {
      ...right,
      length: 6,
      padId: 9,
      numVirtualTokens: 1,
      paddingSide: 'left',
    });
    const rows = Object.fromEntries([...batch].map(([name, { data }]) => [name, [...data]]));
    expect(rows).toEqual({
      inputIds: [9, 9, ...sequence.inputIds],
      tokenTypeIds: [0, 0, ...sequence.tokenTypeIds],
      attentionMask: [0, 0, 1, 1, 1, 1],
      positions: [0, 0, 0, 1, 2, 3],
      virtualTokenIndex: [0, 0, 0, 1, 0, 0],
    });
  });

  it('leaves a batch padded on the right as it is, without positions', () => {
    expect([...collateSequences([sequence], { ...right, numVirtualTokens: 1 }).keys()]).toEqual([
      'inputIds',
      'tokenTypeIds',
      'attentionMask',
      'virtualTokenIndex',
    ]);
  });
});
