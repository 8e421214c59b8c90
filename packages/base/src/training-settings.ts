import { z } from 'zod';

const rate = z.number().positive();
const count = z.int().positive();
const weight = z.number().min(0);

/**
 * Where an experiment says nothing: fine-tuning's usual values for small encoders (Devlin et al. 2019, appendix A.3, and
 * the authors' code). What is absent here is off, or as the model has it.
 */
const defaults = {
  learningRate: 5e-5,
  batchSize: 16,
  epochs: 3,
  warmupRatio: 0.1,
  weightDecay: 0.01,
  maxGradientNorm: 1,
  l1: 0,
  l2: 0,
  maxLength: 128,
  evaluationsPerEpoch: 1,
};

/** What Hugging Face's trainer (and its examples) call the settings, for those who come from there. */
const otherNames: Readonly<Partial<Record<string, readonly string[]>>> = {
  learningRate: ['learning_rate', 'lr'],
  batchSize: ['per_device_train_batch_size', 'train_batch_size', 'batch_size'],
  epochs: ['num_train_epochs', 'num_epochs'],
  maxSteps: ['max_steps', 'max_train_steps'],
  warmupRatio: ['warmup_ratio', 'warmup_steps', 'num_warmup_steps'],
  weightDecay: ['weight_decay'],
  maxGradientNorm: ['max_grad_norm', 'gradient_clip_val'],
  dropout: ['hidden_dropout_prob'],
  maxLength: ['max_length', 'max_seq_length', 'max_seq_len', 'model_max_length'],
  evaluationsPerEpoch: ['eval_strategy', 'evaluation_strategy', 'eval_steps'],
  patience: ['early_stopping_patience'],
};

/** A field with what it says, its unit, and its default. */
function described<Schema extends z.ZodType>(name: keyof typeof defaults, schema: Schema, text: string): Schema {
  return schema.meta({ description: text, default: defaults[name], otherNames: otherNames[name] });
}

/** A field that is off, or as the model has it, when absent. */
function optional<Schema extends z.ZodType>(name: string, schema: Schema, text: string) {
  return schema.optional().meta({ description: text, otherNames: otherNames[name] });
}

/**
 * How long, how fast and how regularised a model is trained; the same for all methods. The one schema: an experiment
 * gives parts of it, the trainer takes it whole, and a trial's record holds what was taken. Nothing is filled in here,
 * since a record must say all of it; `defaultTraining` completes what an experiment leaves out.
 */
export const trainingSettingsSchema = z.strictObject({
  learningRate: described('learningRate', rate, 'Peak of a linear warm-up and decay to 0; change per step.'),
  batchSize: described('batchSize', count, 'Instances per step.'),
  epochs: described('epochs', rate, 'Passes over the training instances; may be fractional.'),
  maxSteps: optional('maxSteps', count, 'Upper limit on steps, whatever `epochs` says; absent: none.'),
  warmupRatio: described('warmupRatio', z.number().min(0).max(1), 'Share of all steps spent warming up, in [0, 1].'),
  weightDecay: described('weightDecay', weight, "AdamW's decoupled decay, as a factor of the learning rate."),
  maxGradientNorm: described('maxGradientNorm', rate.optional(), 'Clipping by the global L2 norm; absent: none.'),
  l1: described('l1', weight, 'Factor of the sum of absolute trainable values, added to the loss.'),
  l2: described('l2', weight, 'Factor of the sum of squared trainable values, added to the loss.'),
  dropout: optional(
    'dropout',
    z.number().min(0).lt(1),
    "Replaces every dropout rate of the model's config, in [0, 1); adapters keep their own; absent: as there.",
  ),
  maxLength: described(
    'maxLength',
    count,
    'Longest sequence, in tokens; a model with fewer positions has as many as it has.',
  ),
  evaluationsPerEpoch: described(
    'evaluationsPerEpoch',
    rate,
    'Evaluations on the selection split per epoch; may be fractional: 0.5 is every second one. The state before the first step and the last step are always evaluated.',
  ),
  patience: optional(
    'patience',
    count,
    'Evaluations in a row without a strict improvement, on the untrained model too, before stopping; absent: never.',
  ),
});

/** How long, how fast and how regularised a model is trained; the same for all methods. */
export type TrainingSettings = Readonly<z.infer<typeof trainingSettingsSchema>>;

/** Settings where an experiment says nothing. */
export const defaultTraining: TrainingSettings = defaults;
