import type { InstanceOutput } from '@attune/core';
import { expect, test, vi } from 'vitest';
import { checkOutputs, outputTolerance } from './check-outputs.ts';
import type { ExportedTrial } from './formats/export-format.ts';

/** The trained model gives each instance its own number. */
vi.mock('@attune/training', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@attune/training')>()),
  evaluateTrained: async (_: unknown, instances: readonly number[]) => instances.map((own) => ({ scores: [own] })),
}));

const trial = (count: number) =>
  ({
    ...{ engine: {}, plan: { training: {} }, trained: new Map() },
    prepared: {
      report: { formulated: { instances: Array.from({ length: count }, (_, index) => index / 100) } },
      random: { fork: () => ({}) },
      tokenizer: { specialIds: { pad: 0 }, paddingSide: 'right' },
    },
  }) as unknown as ExportedTrial;
const exported = (shift: number) => async (instances: readonly unknown[]) =>
  instances.map((own): InstanceOutput => ({ scores: [(own as number) + shift] }));

test.each([
  [40, 32],
  [3, 3],
])('of %i examples the first %i are compared', async (given, examples) => {
  expect(await checkOutputs(trial(given), 'the model', exported(0))).toEqual({ examples, difference: 0 });
});

test('what differs by less than the tolerance passes, with its difference', async () => {
  const { difference } = await checkOutputs(trial(3), 'the model', exported(outputTolerance / 2));
  expect(difference).toBeCloseTo(outputTolerance / 2, 12);
});

test('what differs by more is refused, by how much and on how many examples', async () => {
  await expect(checkOutputs(trial(3), 'model.onnx', exported(0.5))).rejects.toMatchObject({
    name: 'ConfigError',
    message:
      "export: outputs of model.onnx differ from the trained model's by 0.5 on 3 examples, at most " +
      `${outputTolerance} was expected; nothing was written`,
  });
});
