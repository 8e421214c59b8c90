import { ConfigError } from '@attune/base';
import type { InstanceKind, Model } from '@attune/core';
import { candidatesObjective } from './candidates.ts';
import { choiceObjective, classificationObjective } from './classification.ts';
import { clozeObjective } from './cloze.ts';
import { fillObjective } from './fill.ts';
import type { Objective } from './objective.ts';

/** What a formulated task says about itself; each kind needs its own part of it. */
export interface ObjectiveSettings {
  readonly kind: InstanceKind;
  readonly model: Model;
  /** Size of a classification head. */
  readonly numLabels?: number;
  /** For a cloze: token ids of each label's words. */
  readonly verbalizer?: readonly (readonly number[])[];
  /** For choice: k. For candidates: to how many each training group is padded. From the instances when absent. */
  readonly numChoices?: number;
}

/**
 * The objective of one kind of instance.
 *
 * @throws ConfigError when the kind's own part is missing, masks are to be filled by a causal model, or words are asked
 *   of a model that has none
 */
export function createObjective(settings: ObjectiveSettings): Objective {
  const { kind, model } = settings;
  switch (kind) {
    case 'classification':
      return classificationObjective(model, required(settings, 'numLabels'));
    case 'choice':
      return choiceObjective(model, settings.numChoices);
    case 'cloze':
      return clozeObjective(speaking(model), required(settings, 'verbalizer'));
    case 'candidates':
      return candidatesObjective(speaking(model), settings.numChoices);
    case 'fill':
      return fillObjective(masked(speaking(model)));
    default:
      return kind satisfies never;
  }
}

/** A discriminator has no logits of words. */
function speaking(model: Model): Model {
  if (model.languageModel !== 'replaced-token') return model;
  throw new ConfigError(
    `${model.family}: this model tells replaced tokens and has no words for a cloze; pose the task with a ` +
      'classification head, or take a generator',
  );
}

/** A fill goes from the surest mask to the least sure; a causal model would have to go from left to right. */
function masked(model: Model): Model {
  if (model.languageModel === 'masked') return model;
  throw new ConfigError(
    `${model.family}: filling masks with any words needs a masked language model, this one predicts the next token; ` +
      'pose the task with a classification head',
  );
}

function required<Key extends 'numLabels' | 'verbalizer'>(
  settings: ObjectiveSettings,
  key: Key,
): NonNullable<ObjectiveSettings[Key]> {
  const value = settings[key];
  if (value === undefined) throw new ConfigError(`createObjective: kind "${settings.kind}" needs ${key}`);
  return value;
}
