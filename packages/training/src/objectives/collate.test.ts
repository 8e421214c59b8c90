import { floatTensor } from '@attune/base';
import type { EncodedSequence, Instance, InstanceKind } from '@attune/core';
import { tinyBert, tinyGpt2 } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { toyInstances, toyObjective, toySequence } from '../../test/training-toys.ts';
import { collateSequences, outputRows } from './collate.ts';
import { createObjective, type ObjectiveSettings } from './create-objective.ts';
import type { BatchShape } from './objective.ts';

const { model } = tinyBert();
const sequence = toySequence({ clue: 10, length: 6, masks: 1 });
const shapeOf = (change: Partial<BatchShape> = {}): BatchShape => ({
  ...{ length: 8, batchSize: 3, padId: 0, numVirtualTokens: 0, purpose: 'train' as const },
  ...change,
});
const collate =
  (kind: InstanceKind, instances: readonly Instance[], change: Partial<BatchShape> = {}) =>
  () =>
    toyObjective(kind, model).collate(instances, shapeOf(change));
const without = (part: Partial<EncodedSequence>): EncodedSequence => ({ ...sequence, ...part });

describe('a batch is refused', () => {
  it.each<[string, () => unknown, string, string]>([
    [
      'with a sequence that does not fit',
      collate('classification', [{ kind: 'classification', sequence, label: 0 }], { length: 5 }),
      'ShapeError',
      'collate: a sequence of 6 tokens does not fit a batch of length 5; truncate it',
    ],
    [
      'with token types that do not fit their ids',
      collate('classification', [{ kind: 'classification', sequence: without({ tokenTypeIds: [0] }), label: 0 }]),
      'ShapeError',
      'collate: 6 inputIds came with 1 tokenTypeIds',
    ],
    [
      'with more pseudo tokens than the method has',
      () => collateSequences([without({ virtualTokenPositions: [1, 2, 3] })], shapeOf({ numVirtualTokens: 2 })),
      'ShapeError',
      'collate: a sequence has 3 pseudo tokens, the method has 2; ' +
        'formulate the task with the numVirtualTokens of the attachment',
    ],
    ['without an instance', collate('classification', []), 'ShapeError', 'collate: expected 1 to 3 instances, got 0'],
    [
      'with more instances than it holds',
      collate('classification', toyInstances('classification', 4), { length: 16 }),
      'ShapeError',
      'collate: expected 1 to 3 instances, got 4',
    ],
    [
      'with an instance of another kind',
      collate('classification', toyInstances('cloze', 1), { length: 16 }),
      'ShapeError',
      'collate: expected classification instances, got one of cloze',
    ],
    [
      'to train on without a label',
      collate('classification', [{ kind: 'classification', sequence }]),
      'DatasetError',
      'collate: a training instance has no label; train on labelled rows',
    ],
    [
      'with a label outside the set',
      collate('classification', [{ kind: 'classification', sequence, label: 2 }]),
      'DatasetError',
      'collate: label 2 is outside 0 to 1',
    ],
    [
      'with a candidate that has a mask too many',
      collate('candidates', [{ kind: 'candidates', sequences: [sequence], targets: [[4, 5]], label: 0 }]),
      'DatasetError',
      'collate: a candidate of 2 tokens came with 1 masks; give each candidate one mask per token, and at least one',
    ],
    [
      'with a candidate of no tokens',
      collate('candidates', [{ kind: 'candidates', sequences: [sequence], targets: [[]], label: 0 }]),
      'DatasetError',
      'collate: a candidate of 0 tokens came with 1 masks; give each candidate one mask per token, and at least one',
    ],
    [
      'with more candidates than the objective has',
      () => {
        const objective = createObjective({ kind: 'candidates', model, numChoices: 1 });
        return objective.collate(toyInstances('candidates', 2), shapeOf({ length: 16 }));
      },
      'ShapeError',
      'collate: an instance has 3 candidates, the objective was made for 1',
    ],
    [
      'to fill without a mask',
      collate('fill', [{ kind: 'fill', sequence: without({ maskPositions: [] }), targets: [] }]),
      'DatasetError',
      'collate: no instance of the batch has a mask',
    ],
  ])('%s', (_, make, name, message) => {
    expect(make).toThrow(expect.objectContaining({ name, message }));
  });
});

describe('an objective is refused', () => {
  it.each<[string, ObjectiveSettings, string]>([
    ['a head without a number of labels', { kind: 'classification', model }, 'kind "classification" needs numLabels'],
    ['a cloze without words', { kind: 'cloze', model }, 'kind "cloze" needs verbalizer'],
    [
      'a label without words',
      { kind: 'cloze', model, verbalizer: [[20], []] },
      'cloze: label 1 has no words; give each label at least one',
    ],
    [
      'a word outside the vocabulary',
      { kind: 'cloze', model, verbalizer: [[20], [50]] },
      'cloze: word id 50 of label 1 is outside the vocabulary of 50',
    ],
    [
      'filling masks with a causal model',
      { kind: 'fill', model: tinyGpt2().model },
      'gpt2: filling masks with any words needs a masked language model, this one predicts the next token; ' +
        'pose the task with a classification head',
    ],
  ])('%s', (_, settings, message) => {
    expect(() => createObjective(settings)).toThrow(message);
    expect(() => createObjective(settings)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});

describe('outputs of a step', () => {
  it('are read row by row, those of the rows that fill the batch left out', () => {
    const outputs = new Map([['scores', floatTensor([3, 2], [1, 2, 3, 4, 5, 6])]]);
    expect(outputRows(outputs, 'scores', 2)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('must hold the one that is read', () => {
    const outputs = new Map([['loss', floatTensor([], [1])]]);
    expect(() => outputRows(outputs, 'scores', 1)).toThrow('read: expected an output "scores", got loss');
  });

  it.each(['classification', 'choice', 'cloze', 'candidates', 'fill'] as const)(
    'of %s need the batch that its collate makes',
    (kind) => {
      const call = { parameters: new Map(), batch: new Map(), hooks: {}, context: {} as never };
      expect(() => toyObjective(kind, model).loss(call)).toThrow(/^batch: expected a tensor "\w+", got $/);
    },
  );
});
