import { describe, expect, it } from 'vitest';
import { modelFamily } from '../families.ts';
import { countParameters } from '../layers/parameters.ts';
import { parseGpt2Config } from './config.ts';
import { createGpt2, gpt2Family } from './gpt2.ts';

const config = parseGpt2Config({ model_type: 'gpt2' });
const model = createGpt2(config);

describe('createGpt2', () => {
  it('has as many parameters as the published small model', () => {
    // 124,439,808 in Radford et al.'s released checkpoint, the decoder tied to the embeddings.
    expect(countParameters(model.parameters)).toBe(124_439_808);
    const untied = createGpt2({ ...config, tie_word_embeddings: false });
    expect(countParameters(untied.parameters, ({ role }) => role === 'lm-head')).toBe(50_257 * 768);
  });

  it('lists projections whose weights are stored the other way round', () => {
    const specs = new Map(model.parameters.map((spec) => [spec.name, spec]));
    expect(model.projections).toHaveLength(48);
    for (const { name, layer, inputSize, outputSize, fanInFanOut } of model.projections) {
      expect(fanInFanOut).toBe(true);
      expect(specs.get(`${name}.weight`)).toMatchObject({ shape: [inputSize, outputSize], layer, decay: true });
      expect(specs.get(`${name}.bias`)).toMatchObject({ shape: [outputSize], layer, decay: false });
    }
  });

  it('starts with smaller weights where a layer ends on the residual stream', () => {
    const stddev = (name: string) => model.parameters.find((spec) => spec.name === name)?.initializer;
    expect(stddev('transformer.h.3.attn.c_attn.weight')).toEqual({ kind: 'normal', stddev: 0.02 });
    expect(stddev('transformer.h.3.mlp.c_proj.weight')).toEqual({ kind: 'normal', stddev: 0.02 / Math.sqrt(24) });
  });
});

describe('its checkpoints', () => {
  const { canonicalName, isBuffer } = gpt2Family;

  it.each([
    ['wte.weight', 'transformer.wte.weight'],
    ['h.0.ln_1.bias', 'transformer.h.0.ln_1.bias'],
    ['transformer.ln_f.weight', 'transformer.ln_f.weight'],
    ['lm_head.weight', 'lm_head.weight'],
    ['score.weight', 'score.weight'],
  ])('say %s for %s', (stored, name) => {
    expect(canonicalName(stored)).toBe(name);
    expect(isBuffer!(name)).toBe(false);
  });

  it.each(['h.0.attn.bias', 'transformer.h.11.attn.masked_bias'])('hold %s, which is no parameter', (stored) => {
    expect(isBuffer!(canonicalName(stored))).toBe(true);
  });
});

describe('parseGpt2Config', () => {
  it('lists every problem at once', () => {
    const given = { model_type: 'gpt2', n_embd: 0, activation_function: 'mish', add_cross_attention: true };
    expect(() => modelFamily(given, 'config.json').create(given, 'config.json')).toThrow(
      [
        'config.json: not a usable GPT-2 configuration',
        '  n_embd: expected a number more than 0, got 0',
        '  activation_function: expected one of "gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish", "tanh", got "mish" (a string)',
        '  add_cross_attention: expected false, got true',
      ].join('\n'),
    );
  });

  it('refuses heads that do not divide the width', () => {
    expect(() => parseGpt2Config({ model_type: 'gpt2', n_embd: 10, n_head: 3 })).toThrow(
      'GPT-2 configuration: n_embd 10 is not a multiple of n_head 3; each head needs a whole number of dimensions',
    );
  });
});
