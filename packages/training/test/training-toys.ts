import { randomSource, type TrainingSettings } from '@attune/base';
import type { Attachment, EncodedSequence, Instance, InstanceKind, ParameterSpec } from '@attune/core';
import { tinyBert } from '@attune/testing';
import type { FineTuneCall } from '../src/loop/fine-tuned.ts';
import { createObjective } from '../src/objectives/create-objective.ts';

/** Ids with a meaning in the toy problems; the tiny vocabulary has 50. */
const [pad, cls, sep, mask] = [0, 1, 2, 3] as const;
const toyWords = [10, 11] as const;
/** One word each, but the second label has two. */
export const toyVerbalizer = [[20], [21, 22]] as const;

/** [CLS] filler… clue filler… [MASK]… [SEP]; the clue tells the label. */
export function toySequence(call: {
  readonly clue: number;
  readonly length: number;
  readonly masks?: number;
  readonly pseudo?: number;
}): EncodedSequence {
  const { clue, length, masks = 0, pseudo = 0 } = call;
  const body = Array.from({ length: length - 2 - masks }, (_, index) =>
    index === 1 ? clue : 30 + ((clue + index) % 7),
  );
  const inputIds = [cls, ...body, ...new Array<number>(masks).fill(mask), sep];
  return {
    inputIds,
    tokenTypeIds: inputIds.map((_, index) => (index > 3 ? 1 : 0)),
    maskPositions: [...inputIds.keys()].filter((index) => inputIds[index] === mask),
    virtualTokenPositions: Array.from({ length: pseudo }, (_, index) => index + 3),
  };
}

/** `count` examples whose label is told by one word; lengths 6 to 10, and up to 20 when `long`. */
export function toyInstances(kind: InstanceKind, count: number, { long = false } = {}): Instance[] {
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2;
    const length = 6 + (index % 5) + (long && index % 3 === 0 ? 10 : 0);
    return toyInstance(kind, { label, length, index });
  });
}

function toyInstance(
  kind: InstanceKind,
  { label, length, index }: { readonly label: number; readonly length: number; readonly index: number },
): Instance {
  const clue = toyWords[label]!;
  const other = toyWords[1 - label]!;
  switch (kind) {
    case 'classification':
      return { kind, sequence: toySequence({ clue, length }), label };
    case 'choice':
      // The right sequence is the one with the first word.
      return { kind, sequences: [clue, other].map((word) => toySequence({ clue: word, length })), label };
    case 'cloze':
      return { kind, sequence: toySequence({ clue, length, masks: 1 }), label };
    case 'candidates': {
      const targets = [[40, 44], [41, 44], ...(index % 3 === 0 ? [[42, 43, 45]] : [])];
      const sequences = targets.map(({ length: masks }) => toySequence({ clue, length, masks }));
      return { kind, sequences, targets, label };
    }
    case 'fill': {
      const masks = 1 + (index % 2);
      return {
        kind,
        sequence: toySequence({ clue, length, masks }),
        targets: new Array<number>(masks).fill(40 + label),
      };
    }
    default:
      return kind satisfies never;
  }
}

export const toySettings: TrainingSettings = {
  learningRate: 2e-2,
  batchSize: 8,
  epochs: 6,
  warmupRatio: 0,
  weightDecay: 0.01,
  maxGradientNorm: 1,
  l1: 0,
  l2: 0,
  dropout: 0,
  maxLength: 32,
  evaluationsPerEpoch: 1,
};

/** Trains what the predicate says, without adapters or hooks. */
export function plainAttachment(isTrainable: (spec: ParameterSpec) => boolean = () => true): Attachment {
  return { parameters: [], initialValues: () => new Map(), isTrainable, hooks: {}, numVirtualTokens: 0 };
}

export function toyObjective(kind: InstanceKind, model: FineTuneCall['model']) {
  return createObjective({ kind, model, numLabels: 2, verbalizer: toyVerbalizer });
}

/** A call to fineTune on a toy problem of one kind, without its engine. */
export function toyCall(kind: InstanceKind, settings: Partial<TrainingSettings> = {}): Omit<FineTuneCall, 'engine'> {
  const { model, values } = tinyBert();
  return {
    model,
    values,
    attachment: plainAttachment(),
    objective: toyObjective(kind, model),
    instances: toyInstances(kind, 16),
    settings: { ...toySettings, ...settings },
    random: randomSource(1),
    padId: pad,
  };
}
