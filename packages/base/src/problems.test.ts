import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from './errors.ts';
import { Problems, repeated, unknownName } from './problems.ts';

describe('Problems', () => {
  it('is one error with every problem, in the order that they were found', () => {
    const problems = new Problems('x.ts');
    expect(problems.none).toBe(true);
    problems.add('arms[0].label', 'is there twice');
    problems.add('', 'has no arms');
    problems.addOption('--seeds', '1 is there more than once');
    expect(
      problems.check('training', z.strictObject({ epochs: z.number() }), { epochs: 'x', epoch: 1 }),
    ).toBeUndefined();
    expect(problems.none).toBe(false);
    expect(() => problems.throwIfAny()).toThrow(
      new ConfigError(
        'x.ts: arms[0].label: is there twice\n' +
          'x.ts: has no arms\n' +
          '--seeds: 1 is there more than once\n' +
          'x.ts: training.epochs: expected a number, got "x" (a string)\n' +
          'x.ts: training.epoch: unknown key "epoch"; did you mean "epochs"? Known: epochs',
      ),
    );
  });

  it('is nothing where all is well, and gives values as their schemas make them', () => {
    const problems = new Problems('x.ts');
    expect(problems.check('training', z.strictObject({ epochs: z.number().default(3) }), {})).toEqual({ epochs: 3 });
    expect(problems.none).toBe(true);
    problems.throwIfAny();
  });
});

it('finds what a list has more than once, each once', () => {
  expect([repeated([1, 2, 1, 3, 1, 3]), repeated(['a', 'b']), repeated([])]).toEqual([[1, 3], [], []]);
});

it('says what is known, where something is', () => {
  expect(unknownName('task', 'boolk', ['boolq', 'cb'])).toBe(
    'unknown task "boolk"; did you mean "boolq"? Known: boolq, cb',
  );
  expect(unknownName('task', 'boolk', [])).toBe('unknown task "boolk"');
});
