import { expect, it } from 'vitest';
import { nudge } from '../../test/sample.ts';
import { arm } from './definition.ts';

it('types the settings of an arm by its method', () => {
  expect(arm(nudge, { strength: 2 }, { label: 'strong' })).toEqual({
    method: nudge,
    settings: { strength: 2 },
    label: 'strong',
  });
  // @ts-expect-error a setting the method does not have
  arm(nudge, { strenght: 2 });
  // @ts-expect-error a value the setting does not take
  arm(nudge, { mode: 'left' });
  // @ts-expect-error a training value that does not exist
  arm(nudge, {}, { training: { learningrate: 1 } });
});
