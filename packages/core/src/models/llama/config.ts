import { ConfigError, parseWith } from '@attune/base';
import { z } from 'zod';
import { activation, depth, positive, rate, size } from '../config-schema.ts';

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
const ropeFields = { rope_parameters: unchecked, rope_scaling: unchecked, rope_theta: factor.nullish() };

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

/** Hugging Face's names for models of this family; they differ in what is fixed and what the config says. */
export const llamaModelTypes = ['llama', 'qwen2', 'qwen3'] as const;

/**
 * Hugging Face's `config.json` of a Llama-style decoder, under its own names; defaults are theirs where all three
 * have the same. Keys that are not listed are kept, so that a directory can be written back as it was read.
 */
const llamaConfigSchema = z.looseObject({
  model_type: z.enum(llamaModelTypes),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: depth,
  num_attention_heads: size,
  /** As many as heads when absent. */
  num_key_value_heads: size.nullish(),
  /** hidden_size / num_attention_heads when absent; Qwen 3 has 128 then. */
  head_dim: size.nullish(),
  hidden_act: activation.default('silu'),
  max_position_embeddings: size,
  rms_norm_eps: positive.default(1e-6),
  initializer_range: positive.default(0.02),
  attention_dropout: rate.nullish(),
  /** Biases of the four attention projections (Llama, Qwen 3); Qwen 2 has those of the first three, always. */
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.literal(false, 'expected false: attention over a sliding window is not supported').optional(),
  layer_types: z
    .array(z.literal('full_attention', 'expected "full_attention", the only kind that is supported'))
    .nullish(),
  tie_word_embeddings: z.boolean().default(false),
  ...ropeFields,
});

type Fields = z.infer<typeof llamaConfigSchema>;

/** A checked configuration, with what the fields leave open made definite. */
export interface LlamaConfig extends Fields {
  readonly numKeyValueHeads: number;
  readonly headSize: number;
  readonly rope: Rope;
}

/**
 * Checks and completes a configuration.
 *
 * @param where  named in messages, e.g. the path of config.json
 * @returns      `fields`, to be written back, and `config`, to compute with
 * @throws ConfigError listing every problem
 */
export function parseLlamaConfig(
  value: unknown,
  where = 'Llama configuration',
): { readonly fields: Fields; readonly config: LlamaConfig } {
  const fields = parseWith(llamaConfigSchema, value, `${where}: not a usable Llama-style configuration`);
  const numKeyValueHeads = fields.num_key_value_heads ?? fields.num_attention_heads;
  const headSize = fields.head_dim ?? defaultHeadSize(fields);
  const problems = divisionProblems(fields, numKeyValueHeads, headSize);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${where}: ${problem}`).join('\n'));
  return { fields, config: { ...fields, numKeyValueHeads, headSize, rope: readRope(fields, headSize, where) } };
}

function defaultHeadSize({ model_type, hidden_size, num_attention_heads }: Fields): number {
  return model_type === 'qwen3' ? 128 : hidden_size / num_attention_heads;
}

function divisionProblems(fields: Fields, numKeyValueHeads: number, headSize: number): string[] {
  const { hidden_size: hidden, num_attention_heads: heads } = fields;
  return [
    ...(Number.isInteger(headSize)
      ? []
      : [
          `hidden_size ${hidden} is not a multiple of num_attention_heads ${heads}; give head_dim, or sizes that divide`,
        ]),
    ...(Number.isInteger(headSize) && headSize % 2 === 1
      ? [`head_dim ${headSize} is odd; rotary positions turn pairs of dimensions`]
      : []),
    ...(heads % numKeyValueHeads === 0
      ? []
      : [
          `num_attention_heads ${heads} is not a multiple of num_key_value_heads ${numKeyValueHeads}; each key serves ` +
            'as many heads',
        ]),
  ];
}
