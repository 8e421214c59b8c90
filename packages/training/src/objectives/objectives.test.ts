import { type HostTensors, randomSource, type Tensors } from '@attune/base';
import { type Instance, type InstanceKind, initializeParameters, toTensors } from '@attune/core';
import { checkGradients, expectAllClose, referenceEngine, tinyBert } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { toyInstances, toyObjective, toySequence, toyVerbalizer } from '../../test/training-toys.ts';
import type { BatchShape, ObjectiveCall } from './objective.ts';

const kinds: InstanceKind[] = ['classification', 'choice', 'cloze', 'candidates', 'fill'];
const tolerance = { relative: 1e-4, absolute: 1e-5 };
const { model, values } = tinyBert();
const context: ObjectiveCall['context'] = {
  training: false,
  firstNoisyLayer: 0,
  noise: () => {
    throw new Error('no noise here');
  },
};

const shapeOf = (shape: Partial<BatchShape>): BatchShape => ({
  length: 16,
  batchSize: 4,
  padId: 0,
  numVirtualTokens: 0,
  purpose: 'train',
  ...shape,
});

/** Backbone and a seeded head, wide enough to matter. */
function parametersFor(kind: InstanceKind): HostTensors {
  const head = toyObjective(kind, model).parameters.map((spec) => ({
    ...spec,
    initializer: { kind: 'normal', stddev: 0.5 } as const,
  }));
  const omitted = toyObjective(kind, model).unusedRoles;
  const used = model.parameters.filter(({ role }) => !omitted.includes(role));
  const backbone = used.map(({ name }) => [name, values.get(name)!] as const);
  return new Map([...backbone, ...initializeParameters(head, randomSource(3))]);
}

async function evaluateStep(
  call: { readonly kind: InstanceKind; readonly instances: readonly Instance[]; readonly shape?: Partial<BatchShape> },
  run: (call: ObjectiveCall) => Tensors,
): Promise<HostTensors> {
  const engine = referenceEngine();
  const step = engine.prepare({
    name: 'objective',
    state: engine.createStore(new Map()),
    frozen: engine.createStore(parametersFor(call.kind)),
    run: ({ frozen, batch }) => ({ outputs: run({ parameters: frozen, batch, hooks: {}, context }) }),
  });
  return step.run(toyObjective(call.kind, model).collate(call.instances, shapeOf(call.shape ?? {})));
}

async function lossOf(kind: InstanceKind, instances: readonly Instance[], shape: Partial<BatchShape> = {}) {
  const objective = toyObjective(kind, model);
  const outputs = await evaluateStep({ kind, instances, shape }, (call) => new Map([['loss', objective.loss(call)]]));
  return outputs.get('loss')!.data[0]!;
}

async function outputsOf(kind: InstanceKind, instances: readonly Instance[], shape: Partial<BatchShape> = {}) {
  const objective = toyObjective(kind, model);
  const given = { kind, instances, shape: { ...shape, purpose: 'evaluate' as const } };
  return objective.read(await evaluateStep(given, objective.outputs), instances);
}

/** log p of every token at every position, from the model alone: one row per position. */
async function vocabularyLogProbabilities(instance: { sequence: ReturnType<typeof toySequence> }) {
  const positions = [...instance.sequence.inputIds.keys()];
  const everywhere: Instance = { kind: 'fill', sequence: { ...instance.sequence, maskPositions: positions } };
  const outputs = await evaluateStep(
    { kind: 'fill', instances: [everywhere], shape: { batchSize: 1, purpose: 'evaluate' } },
    ({ parameters, batch }) => {
      const inputs = {
        inputIds: batch.get('inputIds') as tf.Tensor2D,
        tokenTypeIds: batch.get('tokenTypeIds') as tf.Tensor2D,
        attentionMask: batch.get('attentionMask') as tf.Tensor2D,
      };
      const { last } = model.encode({ parameters, inputs, hooks: {}, context });
      const hidden = tf.reshape<tf.Rank.R2>(last, [-1, 16]);
      return new Map([['logits', model.languageModelLogits({ hidden, parameters })]]);
    },
  );
  const logits = outputs.get('logits')!;
  return positions.map((row) => Array.from(logits.data.subarray(row * model.vocabSize, (row + 1) * model.vocabSize)));
}

const logSumExp = (row: readonly number[]) => {
  const max = Math.max(...row);
  return max + Math.log(row.reduce((sum, value) => sum + Math.exp(value - max), 0));
};
const mean = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0) / row.length;

describe('every objective', () => {
  it.each(kinds)('%s: extra padding and rows that only fill the batch leave the loss as it is', async (kind) => {
    const instances = toyInstances(kind, 3);
    const plain = await lossOf(kind, instances, { batchSize: 3, length: 12 });
    expect(await lossOf(kind, instances, { batchSize: 3, length: 24 })).toBeCloseTo(plain, 5);
    expect(await lossOf(kind, instances, { batchSize: 5, length: 12 })).toBeCloseTo(plain, 5);
    expect(await lossOf(kind, instances, { batchSize: 5, length: 24, padId: 7 })).toBeCloseTo(plain, 5);
  });

  it.each(kinds)('%s: outputs come back in order, whatever the padding', async (kind) => {
    const instances = toyInstances(kind, 3);
    const together = await outputsOf(kind, instances, { batchSize: 5, length: 24 });
    expect(together.length).toBe(3);
    for (const [index, instance] of instances.entries()) {
      const [alone] = await outputsOf(kind, [instance], { batchSize: 1, length: 12 });
      expect(together[index]!.filledIds).toEqual(alone!.filledIds);
      expect(together[index]!.scores).toEqual(alone!.scores.map((score) => expect.closeTo(score, 4)));
    }
  });

  it.each(kinds)('%s: gradients agree with central differences', async (kind) => {
    const objective = toyObjective(kind, model);
    const collated = objective.collate(toyInstances(kind, 3), shapeOf({ length: 12 }));
    const parameters = parametersFor(kind);
    const reached = [...parameters.keys()].filter((name) => !name.includes('.layer.0.'));
    await checkGradients({
      values: new Map(reached.map((name) => [name, parameters.get(name)!])),
      random: randomSource(5),
      directions: 1,
      loss: (tensors) => {
        const rest = toTensors(new Map([...parameters].filter(([name]) => !tensors.has(name))));
        return objective.loss({
          parameters: new Map([...rest, ...tensors]),
          batch: toTensors(collated),
          hooks: {},
          context,
        });
      },
    });
  });
});

describe('the loss and scores of', () => {
  it('classification are softmax cross-entropy and logits', async () => {
    const instances = toyInstances('classification', 3);
    const scores = (await outputsOf('classification', instances)).map((output) => output.scores);
    const losses = scores.map((row, index) => logSumExp(row) - row[index % 2]!);
    expect(await lossOf('classification', instances)).toBeCloseTo(mean(losses), 5);
  });

  it('choice are cross-entropy over the logits of an example', async () => {
    const instances = toyInstances('choice', 3);
    const scores = (await outputsOf('choice', instances)).map((output) => output.scores);
    const losses = scores.map((row, index) => logSumExp(row) - row[index % 2]!);
    expect(await lossOf('choice', instances)).toBeCloseTo(mean(losses), 5);
  });

  it('cloze average the raw logits of a label’s words', async () => {
    const sequence = toySequence({ clue: 10, length: 9, masks: 1 });
    const [position] = sequence.maskPositions;
    const logits = (await vocabularyLogProbabilities({ sequence }))[position!]!;
    const expected = toyVerbalizer.map((words) => mean(words.map((word) => logits[word]!)));
    const instance: Instance = { kind: 'cloze', sequence, label: 1 };
    const [output] = await outputsOf('cloze', [instance]);
    expect(output!.scores).toEqual(expected.map((score) => expect.closeTo(score, 4)));
    expect(await lossOf('cloze', [instance])).toBeCloseTo(logSumExp(expected) - expected[1]!, 4);
  });

  it('candidates sum log p for the score, average it for the hinge', async () => {
    const targets = [[40], [41, 42], [43]];
    const sequences = targets.map(({ length }) => toySequence({ clue: 11, length: 9, masks: length }));
    const sums: number[] = [];
    for (const [candidate, sequence] of sequences.entries()) {
      const logits = await vocabularyLogProbabilities({ sequence });
      const tokens = sequence.maskPositions.map((position, index) => {
        const row = logits[position]!;
        return row[targets[candidate]![index]!]! - logSumExp(row);
      });
      sums.push(tokens.reduce((sum, value) => sum + value, 0));
    }
    const instance: Instance = { kind: 'candidates', sequences, targets, label: 0 };
    const [output] = await outputsOf('candidates', [instance]);
    expect(output!.scores).toEqual(sums.map((score) => expect.closeTo(score, 4)));
    const [right, second, third] = sums.map((sum, candidate) => -sum / targets[candidate]!.length);
    const hinge = Math.max(0, 1 + right! - second!) + Math.max(0, 1 + right! - third!);
    expect(hinge).toBeGreaterThan(0.1);
    expect(await lossOf('candidates', [instance])).toBeCloseTo(hinge, 4);
  });

  it('fill weigh every mask of the batch alike and read the best token', async () => {
    const instances = [1, 3].map((masks): Instance & { kind: 'fill' } => ({
      kind: 'fill',
      sequence: toySequence({ clue: 10, length: 10, masks }),
      targets: [40, 41, 42].slice(0, masks),
    }));
    const losses: number[] = [];
    for (const [row, instance] of instances.entries()) {
      const logits = await vocabularyLogProbabilities(instance);
      const atMasks = instance.sequence.maskPositions.map((position) => logits[position]!);
      losses.push(...atMasks.map((values, index) => logSumExp(values) - values[instance.targets![index]!]!));
      const [output] = await outputsOf('fill', [instances[row]!]);
      expect(output!.filledIds).toEqual(atMasks.map((values) => values.indexOf(Math.max(...values))));
      const best = atMasks.map((values) => expect.closeTo(Math.max(...values) - logSumExp(values), 4));
      expect(output!.scores).toEqual(best);
    }
    expect(await lossOf('fill', instances)).toBeCloseTo(mean(losses), 4);
  });
});

describe('collate', () => {
  it('numbers pseudo tokens from 1, and only when the method has any', () => {
    const sequence = toySequence({ clue: 10, length: 8, pseudo: 2 });
    const objective = toyObjective('classification', model);
    const instances: Instance[] = [{ kind: 'classification', sequence }];
    const shape = shapeOf({ batchSize: 1, length: 8, purpose: 'evaluate' });
    const { data } = objective.collate(instances, { ...shape, numVirtualTokens: 2 }).get('virtualTokenIndex')!;
    expect([...data]).toEqual([0, 0, 0, 1, 2, 0, 0, 0]);
    const plain = toyInstances('classification', 1);
    expect(objective.collate(plain, shape).has('virtualTokenIndex')).toBe(false);
    expect(() => objective.collate(instances, shape)).toThrow(
      'collate: a sequence has 2 pseudo tokens, the method has 0; ' +
        'formulate the task with the numVirtualTokens of the attachment',
    );
  });

  it('keeps the shapes of a training batch whatever is in it', () => {
    for (const kind of ['classification', 'choice', 'cloze'] as const) {
      const objective = toyObjective(kind, model);
      const shapes = [1, 4].map((count) =>
        [...objective.collate(toyInstances(kind, count), shapeOf({}))].map(([name, { shape }]) => [name, shape]),
      );
      expect(shapes[0]).toEqual(shapes[1]);
    }
  });

  it('fills a partial batch with copies of weight 0', () => {
    const objective = toyObjective('cloze', model);
    const [first] = toyInstances('cloze', 1);
    const filled = objective.collate([first!], shapeOf({ batchSize: 2 }));
    const twice = objective.collate([first!, first!], shapeOf({ batchSize: 2 }));
    filled.get('weights')!.data[1] = 1;
    expectAllClose(filled, twice, tolerance);
  });

  it.each([
    [
      'cloze',
      { kind: 'cloze', sequence: toySequence({ clue: 10, length: 8, masks: 2 }), label: 0 },
      'collate: a cloze has one mask, got 2; use candidates or fill for more',
    ],
    [
      'classification',
      { kind: 'classification', sequence: toySequence({ clue: 10, length: 8 }), label: 2 },
      'collate: label 2 is outside 0 to 1',
    ],
    [
      'classification',
      { kind: 'classification', sequence: toySequence({ clue: 10, length: 20 }), label: 0 },
      'collate: a sequence of 20 tokens does not fit a batch of length 16; truncate it',
    ],
    [
      'candidates',
      { kind: 'candidates', sequences: [toySequence({ clue: 10, length: 8, masks: 2 })], targets: [[4]], label: 0 },
      'collate: a candidate of 1 tokens came with 2 masks; give each candidate one mask per token, and at least one',
    ],
    [
      'fill',
      { kind: 'fill', sequence: toySequence({ clue: 10, length: 8, masks: 2 }), targets: [4] },
      'collate: a mask has no target; give one target id for each mask',
    ],
    ['choice', { kind: 'choice', sequences: [], label: 0 }, 'collate: expected 0 choices in each instance, got 0'],
  ] as const)('refuses a bad %s instance', (kind, instance, message) => {
    expect(() => toyObjective(kind, model).collate([instance], shapeOf({}))).toThrow(message);
  });
});
