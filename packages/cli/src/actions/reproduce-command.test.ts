import { expect, test } from 'vitest';
import { parseReproduceCommand, reproduceCommand } from './run.ts';

test('repeats every flag that decides a result and leaves workers and threads out', () => {
  expect(
    reproduceCommand('experiments/quick.ts', {
      threads: 2,
      workers: 3,
      maxSteps: 6,
      tasks: ['cb', 'rte'],
      device: 'cuda',
    }),
  ).toBe('npx attune run experiments/quick.ts --tasks cb,rte --device cuda --max-steps 6');
});

test.each([
  { file: 'experiments/quick.ts' },
  { file: "it's mine/a b.json", data: 'my data', maxSteps: 12 },
  { file: 'x.ts', data: "'" },
  {
    file: 'x.ts',
    tasks: ['rte', 'cb'],
    methods: ['lora'],
    models: ['mini-bert'],
    seeds: [1, 20],
    engine: 'wasm',
    device: 'cpu',
  },
])('is read back: %j', ({ file, ...flags }) => {
  expect(parseReproduceCommand(reproduceCommand(file, { ...flags, out: 'there', threads: 2 }))).toEqual({
    file,
    ...flags,
  });
});

test('reads nothing out of another command', () => {
  expect(parseReproduceCommand('node run experiments/quick.ts')).toBeUndefined();
  expect(parseReproduceCommand('npx attune run')).toBeUndefined();
});
