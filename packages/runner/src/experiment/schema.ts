import { z } from 'zod';
import { trainingOverridesSchema } from './training-settings.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, "-" and "."');
const formulation = z.enum(['head', 'cloze']);

const split = z.string().min(1);
const splitsSchema = z.strictObject({ train: split, select: split, report: split });

const overrides = {
  formulation: formulation.optional(),
  pattern: z.string().optional(),
  data: z.strictObject({ regime: z.string().min(1).optional(), splits: splitsSchema.partial().optional() }).optional(),
  training: trainingOverridesSchema.optional(),
};
const perTask = z.record(z.string(), z.strictObject(overrides)).optional();

export const modelSchema = z.strictObject({
  name,
  directory: z.string().min(1),
  initialization: z.enum(['checkpoint', 'random']).optional(),
});

export const dataSchema = z.strictObject({
  directory: z.string().min(1).optional(),
  regime: z.string().min(1),
  splits: splitsSchema,
});

export const armSchema = z.strictObject({
  method: z.unknown(),
  settings: z.record(z.string(), z.unknown()).optional(),
  label: name.optional(),
  models: z.array(z.string()).min(1).optional(),
  perTask,
  ...overrides,
});
export type ParsedArm = z.infer<typeof armSchema>;
export type ParsedOverrides = Pick<ParsedArm, 'formulation' | 'pattern' | 'data' | 'training'>;

/** The shape of an experiment; models, tasks and arms are checked one by one, where the catalog is known. */
export const experimentSchema = z.strictObject({
  name,
  title: z.string().min(1),
  question: z.string().min(1),
  models: z.array(z.unknown()).min(1),
  data: dataSchema,
  tasks: z.array(z.unknown()).min(1),
  arms: z.array(z.unknown()).min(1),
  formulation: formulation.optional(),
  training: trainingOverridesSchema.optional(),
  perTask,
  seeds: z.array(z.number().int().min(0)).min(1),
  engine: z.string().optional(),
  device: z.string().optional(),
});
export type ParsedExperiment = z.infer<typeof experimentSchema>;
