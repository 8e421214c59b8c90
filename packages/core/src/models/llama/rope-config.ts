import { z } from 'zod';
import { parseWith } from '../../schema-issues.ts';

const factor = z.number().positive();
const base = { rope_theta: factor.optional(), partial_rotary_factor: z.literal(1).nullish() };
const original = { original_max_position_embeddings: z.int().positive().optional() };

const ropeSchema = z.discriminatedUnion('rope_type', [
  z.looseObject({ ...base, rope_type: z.literal('default') }),
  z.looseObject({ ...base, rope_type: z.literal('linear'), factor }),
  z.looseObject({ ...base, rope_type: z.literal('dynamic'), factor }),
  z.looseObject({
    ...base,
    ...original,
    rope_type: z.literal('llama3'),
    factor,
    low_freq_factor: factor,
    high_freq_factor: factor,
  }),
  z.looseObject({
    ...base,
    ...original,
    rope_type: z.literal('yarn'),
    factor,
    attention_factor: factor.nullish(),
    beta_fast: factor.nullish(),
    beta_slow: factor.nullish(),
    mscale: z.number().nullish(),
    mscale_all_dim: z.number().nullish(),
    truncate: z.boolean().default(true),
  }),
]);

type RopeFields = z.infer<typeof ropeSchema>;

/** How rotary positions turn: one of Hugging Face's `rope_type`s with its numbers. */
export type Rope = RopeFields & {
  readonly theta: number;
  readonly headSize: number;
  /** Positions that the model was trained with before its context was extended. */
  readonly originalLength: number;
};

const unchecked = z.record(z.string(), z.unknown()).nullish();

/** Newer files have everything in `rope_parameters`, older ones in `rope_theta` and `rope_scaling`. */
export const ropeFields = { rope_parameters: unchecked, rope_scaling: unchecked, rope_theta: factor.nullish() };

const defaultTheta = 10_000;

/** @throws ConfigError when the kind of extension is unknown or lacks a number */
export function readRope(
  fields: {
    readonly rope_parameters?: z.infer<typeof unchecked>;
    readonly rope_scaling?: z.infer<typeof unchecked>;
    readonly rope_theta?: number | null | undefined;
    readonly max_position_embeddings: number;
  },
  headSize: number,
  where: string,
): Rope {
  const key = fields.rope_parameters ? 'rope_parameters' : 'rope_scaling';
  const given = fields[key] ?? {};
  const named = { ...given, rope_type: given.rope_type ?? given.type ?? 'default' };
  const parsed = parseWith(ropeSchema, named, `${where}: ${key} cannot be used`);
  const theta = parsed.rope_theta ?? fields.rope_theta ?? defaultTheta;
  const { original_max_position_embeddings: original } = parsed;
  const originalLength = typeof original === 'number' ? original : fields.max_position_embeddings;
  return { ...parsed, theta, headSize, originalLength };
}
