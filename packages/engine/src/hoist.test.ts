import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostTensors } from '@attune/base';
import * as ort from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { epochs, type FrozenStepOptions, frozenValues, openFrozenStep } from '../test/frozen-step.ts';
import type { OnnxEngineOptions } from './contract.ts';
import { createWasmEngine } from './eager/wasm-engine.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';
import { HoistedValues } from './onnx/hoist/hoisted-values.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-hoist-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const keep = (memoryBytes = 2 ** 20) => new HoistedValues({ memoryBytes, directory: folder });
const numbers = (tensors: HostTensors) => [...tensors].map(([name, { data }]) => [name, [...data]]);

/** Losses, what evaluation gives after them, and parameters, every number. */
async function train(options: OnnxEngineOptions, step: FrozenStepOptions = {}) {
  const engine = await createOnnxEngine(options);
  const open = openFrozenStep(engine, step);
  const outputs = [];
  for (const batch of epochs(4)) outputs.push(numbers(await open.train.run(batch)));
  for (const batch of epochs(2)) outputs.push(numbers(await open.evaluate.run(batch)));
  const parameters = numbers(await open.state.read());
  open.dispose();
  await engine.dispose();
  return { outputs, parameters };
}

test('gives the same bits kept in memory, in a file, in both, or not kept', async () => {
  const plain = await train({ hoist: false });
  expect(new Set(plain.outputs.slice(0, 16).map((output) => JSON.stringify(output))).size).toBe(16);
  expect(await train({})).toEqual(plain);
  const values = { file: keep(0), both: keep(5000) };
  expect(await train({ hoistedValues: values.file })).toEqual(plain);
  expect(values.file.usage).toMatchObject({ memoryBytes: 0, fileBytes: expect.any(Number) });
  expect(values.file.usage.fileBytes).toBeGreaterThan(5000);
  expect(await train({ hoistedValues: values.both })).toEqual(plain);
  expect(Math.min(values.both.usage.memoryBytes, values.both.usage.fileBytes)).toBeGreaterThan(0);
  for (const each of Object.values(values)) each.dispose();
  expect(await train({ hoistMemoryBytes: 0, hoistDirectory: folder })).toEqual(plain);
  expect(readdirSync(folder)).toEqual([]);
});

test('agrees with an engine that computes kernel by kernel', async () => {
  const open = openFrozenStep(await createWasmEngine());
  const { outputs } = await train({});
  for (const [index, batch] of epochs(4).entries()) {
    const loss = (await open.train.run(batch)).get('loss')!.data[0]!;
    const [[, given]] = outputs[index] as [[string, number[]]];
    expect(Math.abs(given[0]! - loss)).toBeLessThan(1e-5);
  }
  open.dispose();
});

/** ONNX Runtime's types call it a factory; it is a class. */
const { prototype } = ort.InferenceSession as unknown as { readonly prototype: ort.InferenceSession };

/** Runs of any session while `run` lasts. */
async function sessionRuns(run: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(prototype, 'run');
  await run();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

const runAll = async (step: { run: (batch: HostTensors) => Promise<unknown> }, count: number) => {
  for (const batch of epochs(count)) await step.run(batch);
};

test('computes the frozen part for the first epoch alone, whatever the order of later ones', async () => {
  const engine = await createOnnxEngine();
  const open = openFrozenStep(engine);
  // Four batches an epoch, each a run of the frozen part and one of the rest.
  expect(await sessionRuns(() => runAll(open.train, 1))).toBe(8);
  expect(await sessionRuns(() => runAll(open.train, 3))).toBe(12);
  open.dispose();
  await engine.dispose();
});

test('steps over equal frozen weights share what was computed, those over others do not', async () => {
  const hoistedValues = keep();
  const engine = await createOnnxEngine({ hoistedValues });
  const [first, same, other] = [{}, {}, { frozen: frozenValues(7) }].map((step) => openFrozenStep(engine, step));
  await runAll(first!.train, 1);
  const { memoryBytes } = hoistedValues.usage;
  expect(await sessionRuns(() => runAll(same!.train, 1))).toBe(4);
  expect(hoistedValues.usage.memoryBytes).toBe(memoryBytes);
  expect(await sessionRuns(() => runAll(other!.train, 1))).toBe(8);
  expect(hoistedValues.usage.memoryBytes).toBe(2 * memoryBytes);
  for (const open of [first!, same!, other!]) open.dispose();
  await engine.dispose();
});

test('evaluation reads what training computed', async () => {
  const engine = await createOnnxEngine();
  const open = openFrozenStep(engine);
  await runAll(open.train, 1);
  expect(await sessionRuns(() => runAll(open.evaluate, 1))).toBe(4);
  open.dispose();
  await engine.dispose();
});

test("a cache that outlives its engine serves the next, and is the owner's to dispose", async () => {
  const hoistedValues = keep();
  await train({ hoistedValues });
  const { memoryBytes } = hoistedValues.usage;
  expect(memoryBytes).toBeGreaterThan(0);
  const engine = await createOnnxEngine({ hoistedValues });
  const open = openFrozenStep(engine);
  expect(await sessionRuns(() => runAll(open.train, 1))).toBe(4);
  expect(hoistedValues.usage.memoryBytes).toBe(memoryBytes);
  open.dispose();
  await engine.dispose();
});

test('with nothing to train an evaluation repeated only hands over what was kept', async () => {
  const plain = await createOnnxEngine({ hoist: false });
  const engine = await createOnnxEngine();
  const [expected, open] = [plain, engine].map((given) => openFrozenStep(given, { trainsNothing: true }));
  for (const batch of epochs(2)) {
    expect(await open!.evaluate.run(batch)).toEqual(await expected!.evaluate.run(batch));
  }
  expect(await sessionRuns(() => runAll(open!.evaluate, 1))).toBe(4);
  for (const each of [expected!, open!]) each.dispose();
  await plain.dispose();
  await engine.dispose();
});

test('a folder that goes away ends the step with its name, and the state is as before', async () => {
  const gone = mkdtempSync(join(tmpdir(), 'attune-hoist-'));
  const engine = await createOnnxEngine({ hoistMemoryBytes: 0, hoistDirectory: gone });
  const open = openFrozenStep(engine);
  const before = await open.state.read();
  rmSync(gone, { recursive: true });
  const [batch] = epochs(1);
  await expect(open.train.run(batch!)).rejects.toMatchObject({
    name: 'ResourceError',
    message: expect.stringContaining(`which are computed once and kept: ${gone}`),
  });
  expect(await open.state.read()).toEqual(before);
  open.dispose();
  await engine.dispose();
});
