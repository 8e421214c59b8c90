import { describe, expect, it, vi } from 'vitest';
import { attune } from '../../test/attune.ts';

/** What engines there are is no matter here. */
const engines = vi.hoisted(() => ({ chosen: undefined as string | undefined, disposed: 0 }));

vi.mock('@attune/engine', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@attune/engine')>()),
  availableEngines: async () => [
    { name: 'tensorflow-gpu', available: false, reason: 'is not installed', fix: 'npm install it' },
    {
      ...{ name: 'onnx', available: true, version: '1.2.3', device: 'cpu' },
      devices: [
        { name: 'cpu', available: true },
        { name: 'webgpu', available: false, reason: 'no adapter', fix: 'a driver' },
      ],
    },
    { name: 'wasm', available: true, version: '4.5.6', device: 'cpu' },
  ],
  selectEngine: async () => {
    if (engines.chosen === undefined) throw new Error('none loads');
    const dispose = async () => {
      engines.disposed += 1;
    };
    return { name: engines.chosen, dispose };
  },
}));

describe('attune doctor', () => {
  it('says of each engine and device that it works, or why not and what would fix that', async () => {
    engines.chosen = 'onnx';
    const { code, stdout } = await attune(['doctor']);
    const [machine, ...lines] = stdout.trimEnd().split('\n');
    expect(machine).toMatch(/^node v\d+\.\d+\.\d+, \w+-\w+, \d+ cores, \d+ GiB$/);
    expect(lines).toEqual([
      'tensorflow-gpu  not available: is not installed',
      '                to have it: npm install it',
      'onnx            available: version 1.2.3 on cpu, used when none is asked for',
      '                --device cpu     available',
      '                --device webgpu  not available: no adapter',
      '                                 to have it: a driver',
      'wasm            available: version 4.5.6 on cpu',
    ]);
    expect([code, engines.disposed]).toEqual([0, 1]);
  });

  it('says by its exit code that no engine can be used', async () => {
    engines.chosen = undefined;
    const { code, stdout } = await attune(['doctor']);
    expect(code).toBe(2);
    expect(stdout).not.toContain('used when none is asked for');
  });
});
