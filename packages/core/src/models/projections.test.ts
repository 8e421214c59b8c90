import { tinyBert, tinyFamilies } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import type { ProjectionKind } from '../contracts/model.ts';
import { projectionsNamed, projectionsOfKind } from './projections.ts';

const models = new Map([
  ['bert', tinyBert().model],
  ...tinyFamilies().map(({ title, subject }) => [title, subject.model] as const),
]);
const bert = models.get('bert')!;

const llama = {
  query: 'self_attn.q_proj',
  key: 'self_attn.k_proj',
  value: 'self_attn.v_proj',
  'attention-output': 'self_attn.o_proj',
  'feed-forward-gate': 'mlp.gate_proj',
  'feed-forward-in': 'mlp.up_proj',
  'feed-forward-out': 'mlp.down_proj',
};
const bertLike = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  'attention-output': 'attention.output.dense',
  'feed-forward-in': 'intermediate.dense',
  'feed-forward-out': 'output.dense',
};
/** What each family calls the projections of a layer: names of Hugging Face's modules. */
const named: Readonly<Record<string, Partial<Record<ProjectionKind, string>>>> = {
  bert: bertLike,
  roberta: bertLike,
  'electra, a generator': bertLike,
  'electra, a discriminator': bertLike,
  distilbert: {
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    'attention-output': 'attention.out_lin',
    'feed-forward-in': 'ffn.lin1',
    'feed-forward-out': 'ffn.lin2',
  },
  albert: {
    query: 'attention.query',
    key: 'attention.key',
    value: 'attention.value',
    'attention-output': 'attention.dense',
    'feed-forward-in': 'ffn',
    'feed-forward-out': 'ffn_output',
  },
  gpt2: {
    'query-key-value': 'attn.c_attn',
    'attention-output': 'attn.c_proj',
    'feed-forward-in': 'mlp.c_fc',
    'feed-forward-out': 'mlp.c_proj',
  },
  ...{ llama, qwen2: llama, qwen3: llama },
};

describe('kinds', () => {
  it.each([...models.keys()])('of every projection of %s', (title) => {
    const { projections } = models.get(title)!;
    const layers = [...new Set(projections.map(({ layer }) => layer))];
    for (const of of layers) {
      const own = projections.filter(({ layer }) => layer === of);
      const found = own.map(({ kind, name }) => [kind, name.replace(/^.*(layers?|albert_layers|\.h)\.\d+\./, '')]);
      expect(Object.fromEntries(found)).toEqual(named[title]);
      expect(found).toHaveLength(Object.keys(named[title]!).length);
    }
  });

  it('are asked for in the order of the model', () => {
    const names = projectionsOfKind(bert, ['value', 'feed-forward-out', 'query']).map(({ name }) => name);
    const ends = ['attention.self.query', 'attention.self.value', 'output.dense'];
    expect(names).toEqual([0, 1].flatMap((layer) => ends.map((end) => `bert.encoder.layer.${layer}.${end}`)));
  });

  it('that are computed in one give that one, once', () => {
    const names = projectionsOfKind(models.get('gpt2')!, ['query', 'value']).map(({ name }) => name);
    expect(names).toEqual([0, 1].map((layer) => `transformer.h.${layer}.attn.c_attn`));
  });
});

describe('names', () => {
  const found = (ends: readonly string[]) =>
    projectionsNamed(bert, ends, 'x').map(({ name }) => name.replace('bert.encoder.layer.', ''));

  it.each([
    [['query'], ['0.attention.self.query', '1.attention.self.query']],
    [
      ['self.value', '1.attention.self.key'],
      ['0.attention.self.value', '1.attention.self.key', '1.attention.self.value'],
    ],
    // As in PEFT, "output.dense" reaches the attention's output too.
    [['output.dense'], ['0.attention.output.dense', '0.output.dense', '1.attention.output.dense', '1.output.dense']],
  ])('match at dotted boundaries: %j', (ends, expected) => expect(found(ends)).toEqual(expected));

  it.each([
    [
      ['attention.self.qurey'],
      'x "attention.self.qurey" matches none of bert\'s 12 linear projections; try "attention.self.query"',
    ],
    [['uery'], 'x "uery" matches none of bert\'s 12 linear projections; try "query"'],
    [['c_attn'], 'x "c_attn" matches none of bert\'s 12 linear projections; try "query", "key", "value", "dense"'],
    [
      ['query', 'quer', 'valu'],
      'x "quer" matches none of bert\'s 12 linear projections; try "query"\n' +
        'x "valu" matches none of bert\'s 12 linear projections; try "value"',
    ],
  ])('that match nothing are all listed: %j', (ends, message) => expect(() => found(ends)).toThrow(message));
});
