import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { modelFamily } from '../families.ts';
import { evaluationContext } from '../layers/dropout.ts';
import { countParameters } from '../layers/parameters.ts';

const create = (config: Readonly<Record<string, unknown>>) =>
  modelFamily(config, 'config.json').create(config, 'config.json');

/** Sizes of published models, and their numbers of parameters. */
const published: readonly (readonly [name: string, parameters: number, config: Record<string, unknown>])[] = [
  [
    'SmolLM2-135M',
    134_515_008,
    {
      model_type: 'llama',
      vocab_size: 49_152,
      hidden_size: 576,
      intermediate_size: 1536,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      max_position_embeddings: 8192,
      rope_theta: 100_000,
      tie_word_embeddings: true,
    },
  ],
  [
    'Llama-3.2-1B',
    1_235_814_400,
    {
      model_type: 'llama',
      vocab_size: 128_256,
      hidden_size: 2048,
      intermediate_size: 8192,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 64,
      max_position_embeddings: 131_072,
      rope_theta: 500_000,
      rope_scaling: {
        rope_type: 'llama3',
        factor: 32,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 8192,
      },
      tie_word_embeddings: true,
    },
  ],
  [
    'Qwen2.5-0.5B',
    494_032_768,
    {
      model_type: 'qwen2',
      vocab_size: 151_936,
      hidden_size: 896,
      intermediate_size: 4864,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      max_position_embeddings: 32_768,
      use_sliding_window: false,
      sliding_window: 32_768,
      tie_word_embeddings: true,
    },
  ],
  [
    'Qwen3-0.6B',
    596_049_920,
    {
      model_type: 'qwen3',
      vocab_size: 151_936,
      hidden_size: 1024,
      intermediate_size: 3072,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      max_position_embeddings: 40_960,
      tie_word_embeddings: true,
    },
  ],
];

const small = {
  model_type: 'llama',
  vocab_size: 20,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 4,
};

describe('createLlama', () => {
  it.each(published)('has as many parameters as %s', (_, parameters, config) => {
    expect(countParameters(create(config).model.parameters)).toBe(parameters);
  });

  it('lists projections whose weights are parameters of that shape and layer', () => {
    const { model } = create(published[3]![2]);
    const specs = new Map(model.parameters.map((spec) => [spec.name, spec]));
    expect(model.projections).toHaveLength(7 * 28);
    for (const { name, layer, inputSize, outputSize } of model.projections) {
      expect(specs.get(`${name}.weight`)).toMatchObject({ shape: [outputSize, inputSize], layer, decay: true });
    }
  });

  it('refuses a sequence longer than its context', () => {
    const { model } = create(small);
    const ids = tf.zeros([1, 5], 'int32') as tf.Tensor2D;
    const inputs = { inputIds: ids, tokenTypeIds: ids, attentionMask: ids };
    expect(() => model.encode({ parameters: new Map(), inputs, hooks: {}, context: evaluationContext })).toThrow(
      'llama: input ids [1, 5] are longer than the context of 4 positions; cut the sequences',
    );
  });
});

describe('its checkpoints', () => {
  it('may lack the prefix of the decoder, and hold frequencies', () => {
    const { canonicalName, isBuffer } = modelFamily({ model_type: 'llama' }, 'config.json');
    expect(canonicalName('layers.0.mlp.up_proj.weight')).toBe('model.layers.0.mlp.up_proj.weight');
    expect(canonicalName('model.norm.weight')).toBe('model.norm.weight');
    expect(canonicalName('lm_head.weight')).toBe('lm_head.weight');
    expect(isBuffer!('model.layers.0.self_attn.rotary_emb.inv_freq')).toBe(true);
    expect(isBuffer!('model.layers.0.self_attn.q_proj.weight')).toBe(false);
  });

  it('are written back with the fields they came with, and no others than defaults', () => {
    const { config } = create({ ...small, torch_dtype: 'bfloat16' });
    expect(config).toEqual({
      ...small,
      torch_dtype: 'bfloat16',
      hidden_act: 'silu',
      rms_norm_eps: 1e-6,
      initializer_range: 0.02,
      attention_bias: false,
      mlp_bias: false,
      tie_word_embeddings: false,
    });
  });
});

describe('parseLlamaConfig', () => {
  it('says by name what is not supported', () => {
    const given = { ...small, model_type: 'qwen2', use_sliding_window: true, layer_types: ['sliding_attention'] };
    expect(() => create(given)).toThrow(
      [
        'config.json: not a usable Llama-style configuration',
        '  use_sliding_window: expected false: attention over a sliding window is not supported, got true',
        '  layer_types[0]: expected "full_attention", the only kind that is supported, got "sliding_attention" (a string)',
      ].join('\n'),
    );
    expect(() => create({ ...small, model_type: 'qwen3_moe' })).toThrow('config.json: unknown model_type "qwen3_moe"');
  });

  it('says which sizes do not fit each other', () => {
    expect(() => create({ ...small, num_attention_heads: 3, num_key_value_heads: 2 })).toThrow(
      [
        'config.json: hidden_size 8 is not a multiple of num_attention_heads 3; give head_dim, or sizes that divide',
        'config.json: num_attention_heads 3 is not a multiple of num_key_value_heads 2; each key serves as many heads',
      ].join('\n'),
    );
    expect(() => create({ ...small, head_dim: 3 })).toThrow(
      'config.json: head_dim 3 is odd; rotary positions turn pairs of dimensions',
    );
  });
});
