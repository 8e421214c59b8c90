import { tinyBert } from '@attune/testing';
import { describe, expect, test } from 'vitest';
import { targetProjections } from './target-projections.ts';

const { model } = tinyBert();

function names(targets: Parameters<typeof targetProjections>[1]): string[] {
  return targetProjections(model, targets).map(({ name }) => name.replace('bert.encoder.layer.', ''));
}

describe('targets match at dotted boundaries', () => {
  test.each([
    [['query'], ['0.attention.self.query', '1.attention.self.query']],
    [
      ['self.value', '1.attention.self.key'],
      ['0.attention.self.value', '1.attention.self.key', '1.attention.self.value'],
    ],
    // As in PEFT, "output.dense" reaches the attention's output too.
    [['output.dense'], ['0.attention.output.dense', '0.output.dense', '1.attention.output.dense', '1.output.dense']],
  ])('%j', (targets, expected) => expect(names(targets)).toEqual(expected));

  test('all-linear', () => {
    const ofLayer = ['attention.self.query', 'attention.self.key', 'attention.self.value', 'attention.output.dense'];
    const all = [...ofLayer, 'intermediate.dense', 'output.dense'];
    expect(names('all-linear')).toEqual([0, 1].flatMap((layer) => all.map((name) => `${layer}.${name}`)));
  });
});

describe('a target that matches nothing', () => {
  test.each([
    [
      ['attention.self.qurey'],
      'lora: targetModules "attention.self.qurey" matches none of bert\'s 12 linear projections; try "attention.self.query"',
    ],
    [['uery'], 'lora: targetModules "uery" matches none of bert\'s 12 linear projections; try "query"'],
    [
      ['c_attn'],
      'lora: targetModules "c_attn" matches none of bert\'s 12 linear projections; try "query", "key", "value", "dense"',
    ],
  ])('%j', (targets, message) => expect(() => targetProjections(model, targets)).toThrow(message));

  test('all of them are listed', () => {
    expect(() => targetProjections(model, ['query', 'foo', 'bar'])).toThrow(/"foo".*\n.*"bar"/);
  });
});
