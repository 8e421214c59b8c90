import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { parseWith } from '../../schema-issues.ts';
import { depth, positive, rate, size } from '../config-schema.ts';
import { activationNames } from '../layers/activations.ts';
import { type Rope, readRope, ropeFields } from './rope-config.ts';

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
  hidden_act: z.enum(activationNames).default('silu'),
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
