import { floatTensor } from '@attune/base';
import {
  type CandidatesInstance,
  type EncodedSequence,
  evaluationContext,
  fromTensor,
  type Instance,
  toTensors,
} from '@attune/core';
import { expectClose, tinyGpt2 } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toySequence, toyVerbalizer } from '../../test/training-toys.ts';
import { createObjective } from './create-objective.ts';
import type { Objective } from './objective.ts';

const { model, values } = tinyGpt2();
const parameters = toTensors(values);
const sameValues = { relative: 1e-4, absolute: 1e-5 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Logits of the next token after a text, from all hidden states of the text alone. */
function logitsAfter(ids: readonly number[]): number[] {
  const inputIds = tf.tensor2d([[...ids]], [1, ids.length], 'int32');
  const inputs = { inputIds, tokenTypeIds: tf.zerosLike(inputIds), attentionMask: tf.onesLike(inputIds) };
  const { last } = model.encode({ parameters, inputs, hooks: {}, context: evaluationContext });
  const hidden = tf.reshape(tf.slice(last, [0, ids.length - 1], [1, 1]), [1, model.hiddenSize]) as tf.Tensor2D;
  return [...fromTensor(model.languageModelLogits({ hidden, parameters })).data];
}

function logProbability(ids: readonly number[], token: number): number {
  const logits = logitsAfter(ids);
  return logits[token]! - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
}

function scoresOf(objective: Objective, instances: readonly Instance[]): number[] {
  const shape = { length: 16, batchSize: 3, padId: 0, numVirtualTokens: 0, purpose: 'evaluate' } as const;
  const batch = toTensors(objective.collate(instances, shape));
  const outputs = objective.outputs({ parameters, batch, hooks: {}, context: evaluationContext });
  const hosts = new Map([...outputs].map(([name, tensor]) => [name, fromTensor(tensor)]));
  return objective.read(hosts, instances).flatMap(({ scores }) => [...scores]);
}

const expectScores = (actual: readonly number[], expected: readonly number[]) =>
  expectClose(floatTensor([actual.length], [...actual]), floatTensor([expected.length], [...expected]), sameValues);

describe('a cloze', () => {
  const objective = createObjective({ kind: 'cloze', model, verbalizer: toyVerbalizer });
  const sequences = [6, 9].map((length) => toySequence({ clue: 10, length, masks: 1 }));

  it('is answered by what the model expects in the place of the mask', () => {
    const expected = sequences.flatMap(({ inputIds, maskPositions }) => {
      const logits = logitsAfter(inputIds.slice(0, maskPositions[0]!));
      return [logits[20]!, (logits[21]! + logits[22]!) / 2];
    });
    expectScores(
      scoresOf(
        objective,
        sequences.map((sequence) => ({ kind: 'cloze', sequence })),
      ),
      expected,
    );
  });

  it('needs something before the mask', () => {
    const sequence: EncodedSequence = { ...sequences[0]!, maskPositions: [0] };
    expect(() => scoresOf(objective, [{ kind: 'cloze', sequence }])).toThrow(
      'collate: a causal language model has no answer for the first position; put a token before the mask',
    );
  });
});

describe('candidates', () => {
  it('are as likely as their tokens one after the other', () => {
    const targets = [[40, 44], [41], [42, 43, 45]];
    const sequences = targets.map(({ length: masks }) => toySequence({ clue: 11, length: 8, masks }));
    const instance: CandidatesInstance = { kind: 'candidates', sequences, targets };
    const expected = targets.map((tokens, candidate) => {
      const { inputIds, maskPositions } = sequences[candidate]!;
      const before = inputIds.slice(0, maskPositions[0]!);
      return tokens.reduce((sum, token, index) => {
        return sum + logProbability([...before, ...tokens.slice(0, index)], token);
      }, 0);
    });
    expectScores(scoresOf(createObjective({ kind: 'candidates', model }), [instance]), expected);
  });
});

it('a fill is refused', () => {
  expect(() => createObjective({ kind: 'fill', model })).toThrow(
    'gpt2: filling masks with any words needs a masked language model, this one predicts the next token; pose the ' +
      'task with a classification head',
  );
});
