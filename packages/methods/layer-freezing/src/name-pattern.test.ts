import { describe, expect, test } from 'vitest';
import { matchNames } from './frozen-parameters.ts';

const names = ['a.layer.0.query.weight', 'a.layer.0.query.bias', 'a.layer.10.query.weight', 'a.pooler.dense.weight'];

describe('patterns', () => {
  test.each([
    ['a.layer.0.*', ['a.layer.0.query.weight', 'a.layer.0.query.bias']],
    ['a.layer.?.query.weight', ['a.layer.0.query.weight']],
    ['*.weight', ['a.layer.0.query.weight', 'a.layer.10.query.weight', 'a.pooler.dense.weight']],
    ['a.pooler.dense.weight', ['a.pooler.dense.weight']],
    ['/layer\\.\\d+\\.query\\.weight$/', ['a.layer.0.query.weight', 'a.layer.10.query.weight']],
    ['/pooler/', ['a.pooler.dense.weight']],
  ])('%s', (pattern, expected) => expect([...matchNames([pattern], names)]).toEqual(expected));

  test('a dot is a dot in a glob', () => {
    expect(() => matchNames(['a.pooler-dense.weight'], names)).toThrow('matches none of 4 parameters');
  });
});

test('every pattern without a match is named, with names like it', () => {
  expect(() => matchNames(['a.layer.0.*', 'a.poller.dense.weight', '/^dense/'], names)).toThrow(
    'layer-freezing: pattern "a.poller.dense.weight" matches none of 4 parameters; names look like "a.pooler.dense.weight"\n' +
      'layer-freezing: pattern "/^dense/" matches none of 4 parameters; names look like "a.layer.0.query.weight", "a.layer.0.query.bias", "a.layer.10.query.weight"',
  );
});
