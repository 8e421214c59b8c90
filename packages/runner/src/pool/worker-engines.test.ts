import type { Engine, HoistedValues } from '@attune/engine';
import { expect, it } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { type NewEngine, WorkerEngines, type WorkerHoisting } from './worker-engines.ts';

const trial = (task: string, label: string, seed = 1): Trial => ({
  ...sampleTrial({ task: { name: task, version: 1 }, seed }, label),
  key: `${task}-${label}-${seed}`,
});

function workerEngines(hoisting: WorkerHoisting = { memoryBytes: 100, directory: undefined }) {
  const given: Parameters<NewEngine>[0][] = [];
  const disposed: number[] = [];
  const engines = new WorkerEngines(async (choice) => {
    const number = given.push(choice);
    return { name: 'onnx', dispose: async () => void disposed.push(number) } as unknown as Engine;
  }, hoisting);
  return { engines, given, disposed };
}

const put = (values: HoistedValues | undefined) => values!.open('part').put('example', Uint8Array.of(1, 2));

it('keeps an engine for the seeds of an arm and disposes it before the next is made', async () => {
  const { engines, given, disposed } = workerEngines();
  const first = await engines.engineFor(trial('rte', 'lora', 1));
  expect(await engines.engineFor(trial('rte', 'lora', 2))).toBe(first);
  expect(disposed).toEqual([]);
  expect(await engines.engineFor(trial('rte', 'zero-shot'))).not.toBe(first);
  expect([given.length, disposed]).toEqual([2, [1]]);
});

it('hands what was kept from arm to arm of a task, and frees it with the task', async () => {
  const { engines, given } = workerEngines();
  for (const label of ['lora-r2', 'lora-r8']) await engines.engineFor(trial('rte', label));
  expect(given[0]!.hoistedValues).toBe(given[1]!.hoistedValues);
  put(given[0]!.hoistedValues);
  expect(given[1]!.hoistedValues?.usage).toEqual({ memoryBytes: 2, fileBytes: 0 });
  await engines.engineFor(trial('boolq', 'lora-r2'));
  expect(given[2]!.hoistedValues).not.toBe(given[1]!.hoistedValues);
  expect(given[1]!.hoistedValues?.usage).toEqual({ memoryBytes: 0, fileBytes: 0 });
});

it('keeps nothing when told so', async () => {
  const { engines, given } = workerEngines(false);
  await engines.engineFor(trial('rte', 'lora'));
  expect(given).toEqual([{ hoist: false }]);
});
