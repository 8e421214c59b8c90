import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultTraining, trainingSettingsSchema } from './training-settings.ts';

const fields = Object.entries(trainingSettingsSchema.shape);

describe('training settings', () => {
  it.each(fields)('%s: says what it is', (_name, field) => {
    expect(field.description).toMatch(/^[A-Z].*\.$/);
  });

  it('have their defaults in the schema too, and are complete with them', () => {
    const described = fields.flatMap(([name, field]) => {
      const value = field.meta()?.default;
      return value === undefined ? [] : [[name, value]];
    });
    expect(Object.fromEntries(described)).toEqual(defaultTraining);
    expect(trainingSettingsSchema.parse(defaultTraining)).toEqual(defaultTraining);
  });

  it('are never filled in: a record must say all of them', () => {
    const { batchSize: _, ...rest } = defaultTraining;
    expect(trainingSettingsSchema.safeParse(rest).error?.issues.map(({ path }) => path)).toEqual([['batchSize']]);
    expect(trainingSettingsSchema.partial().parse({})).toEqual({});
  });

  it('need zod alone, since a report reads records without TensorFlow.js', () => {
    const source = readFileSync(new URL('./training-settings.ts', import.meta.url), 'utf8');
    expect([...source.matchAll(/from '(.*)'/g)].map(([, module]) => module)).toEqual(['zod']);
  });
});
