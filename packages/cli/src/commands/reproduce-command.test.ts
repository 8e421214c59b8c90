import { expect, test } from 'vitest';
import { reproduceCommand } from './reproduce-command.ts';

test('repeats every flag that decides a result, threads among them, and leaves workers out', () => {
  expect(
    reproduceCommand('experiments/quick.ts', {
      threads: 2,
      workers: 3,
      maxSteps: 6,
      tasks: ['cb', 'rte'],
      device: 'cuda',
    }),
  ).toBe('npx attune run experiments/quick.ts --tasks cb,rte --threads 2 --device cuda --max-steps 6');
});
