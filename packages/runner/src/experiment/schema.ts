import { trainingSettingsSchema } from '@attune/base';
import type { FineTuningMethod, Task } from '@attune/core';
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, "-" and "."');
const text = z.string().min(1);
const formulation = z.enum(['head', 'cloze']);

/** A model in the Hugging Face layout (`config.json`, `tokenizer.json`, weights). */
export const modelSchema = z.strictObject({
  /** Shown in the report. */
  name,
  /** Relative to the experiment file, the catalog's name of a model, or an id of the hub: `owner/name@revision`. */
  directory: text,
  /** 'random' keeps architecture and tokenizer and draws new weights from the seed; 'checkpoint' when absent. */
  initialization: z.enum(['checkpoint', 'random']).optional(),
  /** Parts that a cloze reads and that are drawn from the seed where the checkpoint lacks them; without, it is refused. */
  draw: z
    .array(z.enum(['lm-head']))
    .readonly()
    .optional(),
});

const splitsSchema = z.strictObject({ train: text, select: text, report: text });

/** For data that is known to lack a split: trials without one end as 'no-data'. Else a split without a file is a mistake. */
const mayBeAbsent = z.boolean().optional();

const dataSchema = z.strictObject({
  /**
   * One folder per task, named as in the official archive: relative to the experiment file, or the catalog's name of it.
   * `--data` replaces it.
   */
  directory: text.optional(),
  /** For the report, e.g. "full" or "few-shot-32". */
  regime: text,
  /**
   * File names without `.jsonl`, in any case; `val`, `dev` and `validation` stand for one another. Train on the first,
   * choose on the second, report the third. `{seed}` in a name stands for the trial's seed, so that each seed can have its
   * own sample: `train32-{seed}`.
   */
  splits: splitsSchema,
  mayBeAbsent,
});

/** What the experiment says for all, a task or an arm for itself. */
const posing = {
  /** Cloze when nothing says otherwise. */
  formulation: formulation.optional(),
  /** What is absent has the defaults of `defaultTraining`. */
  training: trainingSettingsSchema.partial().optional(),
};

const overridesSchema = z.strictObject({
  ...posing,
  /** Pattern name; the task's own default when absent. */
  pattern: z.string().optional(),
  /** Other rows of the same task, e.g. `{ regime: 'few-shot-32', splits: { train: 'train32' } }`. */
  data: z.strictObject({ regime: text.optional(), splits: splitsSchema.partial().optional(), mayBeAbsent }).optional(),
});

const perTask = z.record(z.string(), overridesSchema).optional();

const armOptionsSchema = overridesSchema.extend({
  /** The name in the report; the method's when absent. Unique among the arms. */
  label: name.optional(),
  /** Names of the models it runs on; all when absent. */
  models: z.array(z.string()).min(1).readonly().optional(),
  /** By task name; wins over everything else. */
  perTask,
});

/** One way of fine-tuning with its settings. Method and settings are checked where the catalog is known. */
export const armSchema = armOptionsSchema.extend({
  /** A method, or the catalog's name of one. */
  method: z.custom<FineTuningMethod | string>(),
  /** As the method's schema has them; what is absent gets its defaults. */
  settings: z.record(z.string(), z.unknown()).optional(),
});

/** An experiment, the one schema: its types are inferred from it. */
const experimentSchema = z.strictObject({
  /** Lower-case, names the report's folder. */
  name,
  title: text,
  /** What the comparison is to answer, one sentence. */
  question: text,
  /** Described, by the catalog's names, or by ids of the hub, `owner/name@revision`: such a one is called `name`. */
  models: z
    .array(z.union([modelSchema, z.string()]))
    .min(1)
    .readonly(),
  data: dataSchema,
  /** Tasks, or the catalog's names of them. */
  tasks: z.array(z.custom<Task | string>()).min(1).readonly(),
  arms: z.array(armSchema).min(1).readonly(),
  ...posing,
  /** By task name; an arm's own overrides win. */
  perTask,
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .readonly()
    .meta({ otherNames: ['seed'] }),
  /** An engine's name; chosen by what the machine has when absent. */
  engine: z.string().optional(),
  /** Where the onnx engine computes: cpu (when absent), webgpu or cuda. */
  device: z.string().optional(),
});

const entries = z.array(z.unknown()).min(1);

/** An experiment whose models, tasks and arms are not looked into yet: each is checked alone, so that all are reported. */
export const outlineSchema = experimentSchema.extend({ models: entries, tasks: entries, arms: entries });
/** An experiment whose top level is well-formed. */
export type Outline = z.output<typeof outlineSchema>;

/** An experiment as one writes it. */
export type ExperimentDefinition = z.input<typeof experimentSchema>;
/** Where the rows of an experiment lie, and which of them train, select and report. */
export type DataDefinition = z.input<typeof dataSchema>;
/** An arm of an experiment: a row of the score table. */
export type ArmDefinition = z.input<typeof armSchema>;
/** What an arm has beside method and settings. */
export type ArmOptions = z.input<typeof armOptionsSchema>;
/** What an arm or a task may change. Absent: as in the experiment. */
export type Overrides = z.input<typeof overridesSchema>;
