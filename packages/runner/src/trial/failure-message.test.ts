import { ResourceError } from '@attune/base';
import { memoryAdvice } from '@attune/engine';
import { expect, test } from 'vitest';
import { failureMessage } from './empty-record.ts';

test.each<[string, unknown, string]>([
  ['an error by name and message', new TypeError('no such knob'), 'TypeError: no such knob'],
  [
    'memory that ran out outside a step, with what would work',
    new RangeError('Array buffer allocation failed'),
    `RangeError: Array buffer allocation failed; ${memoryAdvice}`,
  ],
  [
    'memory that ran out in a step, without saying it twice',
    new ResourceError(`step "train" ran out of memory: x; ${memoryAdvice}`),
    `ResourceError: step "train" ran out of memory: x; ${memoryAdvice}`,
  ],
  ['what is no error', 'gone', 'gone'],
])('tells %s', (_what, error, expected) => {
  expect(failureMessage(error)).toBe(expected);
});
