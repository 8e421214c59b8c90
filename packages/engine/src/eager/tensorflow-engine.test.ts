import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** Versions of the optional packages as if they were installed; whether they are is no matter here. */
const installed = vi.hoisted(() => new Map<string, string>());

vi.mock('node:module', () => ({
  createRequire: () => (path: string) => {
    const version = installed.get(path.replace('/package.json', ''));
    if (version === undefined) throw new Error(`Cannot find module '${path}'`);
    return { version };
  },
}));

/** A module of its own per test: it remembers which package the process holds. */
const engineModule = () => import('./tensorflow-engine.ts');

beforeEach(() => {
  vi.resetModules();
  installed.clear();
});
afterEach(() => {
  vi.doUnmock('@tensorflow/tfjs-node');
  vi.doUnmock('@tensorflow/tfjs-node-gpu');
});

describe.each([
  ['tensorflow-gpu', '@tensorflow/tfjs-node-gpu'],
  ['tensorflow', '@tensorflow/tfjs-node'],
] as const)('%s', (name, wanted) => {
  const node = '22.1.0';

  test('without its package says what to install, also to who asks for the engine', async () => {
    const { createTensorflowEngine, reportTensorflow } = await engineModule();
    const reason = `the optional package ${wanted} is not installed`;
    const fix = `npm install ${wanted}@4.22.0, on a machine that can download its native library`;
    expect(await reportTensorflow(name)).toEqual({ name, available: false, reason, fix });
    await expect(createTensorflowEngine(name)).rejects.toThrow(`engine ${name}: ${reason}; ${fix}`);
  });

  test('is not loaded by a Node that its package does not work with', async () => {
    installed.set(wanted, '4.22.0');
    const { reportTensorflow } = await engineModule();
    expect(await reportTensorflow(name, { node: '24.1.0' })).toEqual({
      ...{ name, available: false, version: '4.22.0', fix: 'use Node 20 or 22' },
      reason: `${wanted} 4.22.0 does not work with Node 24.1.0`,
    });
  });

  test('whose library does not load says so, and leaves the active backend', async () => {
    installed.set(wanted, '4.22.0');
    vi.doMock(wanted, () => {
      throw new Error('libtensorflow.so.2: cannot open shared object file');
    });
    const { reportTensorflow } = await engineModule();
    await tf.setBackend('cpu');
    expect(await reportTensorflow(name, { node })).toEqual({
      ...{ name, available: false, version: '4.22.0' },
      reason: expect.stringMatching(new RegExp(`^${wanted} 4\\.22\\.0 does not load: .`)),
      fix: `npm rebuild ${wanted} --build-addon-from-source, where it can download its native library`,
    });
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe('a process that holds one package', () => {
  afterEach(() => tf.removeBackend('tensorflow'));

  /** Stands for the package: registers a backend of its name, which sees a GPU. */
  async function load(node = '22.1.0') {
    installed.set('@tensorflow/tfjs-node-gpu', '4.22.0').set('@tensorflow/tfjs-node', '4.22.0');
    const module = await engineModule();
    const current = await import('@tensorflow/tfjs-core');
    vi.doMock('@tensorflow/tfjs-node-gpu', () => {
      current.registerBackend(
        'tensorflow',
        () => ({ isUsingGpuDevice: true, dispose() {} }) as unknown as tf.KernelBackend,
      );
      return {};
    });
    await current.setBackend('cpu');
    const report = await module.reportTensorflow('tensorflow-gpu', { node });
    return { ...module, current, report };
  }

  test('computes where the library says', async () => {
    const { report, current } = await load();
    expect(report).toEqual({ name: 'tensorflow-gpu', available: true, version: '4.22.0', device: 'gpu' });
    expect(current.getBackend()).toBe('cpu');
  });

  test('cannot load the other beside it', async () => {
    const { reportTensorflow } = await load();
    expect(await reportTensorflow('tensorflow', { node: '22.1.0' })).toEqual({
      ...{ name: 'tensorflow', available: false, version: '4.22.0', fix: 'ask for it by name: --engine tensorflow' },
      reason: 'this process holds @tensorflow/tfjs-node-gpu, and both packages call their backend "tensorflow"',
    });
  });
});
