import { describe, expect, it } from 'vitest';
import { ConfigError, nearestNames, unknownNameMessage } from './errors.ts';

const known = ['full-fine-tuning', 'layer-freezing', 'lora', 'p-tuning'];

describe('nearestNames', () => {
  it.each([
    ['p-tunning', ['p-tuning']],
    ['LoRA', ['lora']],
    ['layer-freezin', ['layer-freezing']],
    ['something else', []],
  ])('%s', (name, expected) => {
    expect(nearestNames(name, known)).toEqual(expected);
  });

  it('keeps the given order among equally near names', () => {
    expect(nearestNames('cab', ['cat', 'car', 'cab'], 3)).toEqual(['cab', 'cat', 'car']);
  });
});

describe('unknownNameMessage', () => {
  it('offers the nearest name', () => {
    expect(unknownNameMessage('method', 'p-tunning', known)).toBe(
      'unknown method "p-tunning"; did you mean "p-tuning"? Known: full-fine-tuning, layer-freezing, lora, p-tuning',
    );
  });

  it('offers nothing when nothing is near', () => {
    expect(unknownNameMessage('task', 'xyzzy', ['boolq', 'record'])).toBe('unknown task "xyzzy". Known: boolq, record');
  });
});

it('errors carry their class name', () => {
  expect(String(new ConfigError('here'))).toBe('ConfigError: here');
});
