import { expect, it } from 'vitest';
import { ownValue } from './own-value.ts';

it('gives what a record has itself', () => {
  expect(ownValue({ small: 'models/small' }, 'small')).toBe('models/small');
  expect(ownValue(JSON.parse('{"__proto__": 1}') as Record<string, number>, '__proto__')).toBe(1);
});

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'large'])(
  'has nothing under %s',
  (name) => expect(ownValue({ small: 1 }, name)).toBeUndefined(),
);
