import { describe, expect, it, vi } from 'vitest';
import { attune, spawnAttune } from '../../test/attune.ts';

/** What engines there are is no matter here. */
const engines = vi.hoisted(() => ({ chosen: undefined as string | undefined }));

vi.mock('./inspect-engines.ts', () => ({
  inspectEngines: async () => ({
    reports: [
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
    ...(engines.chosen === undefined ? {} : { chosen: engines.chosen }),
  }),
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
    expect(code).toBe(0);
  });

  it('says by its exit code that no engine can be used', async () => {
    engines.chosen = undefined;
    const { code, stdout } = await attune(['doctor']);
    expect(code).toBe(2);
    expect(stdout).not.toContain('used when none is asked for');
  });

  it('tells of the engines of this machine, and lets nothing through that a runtime writes', async () => {
    const { code, stdout, stderr } = await spawnAttune(['doctor']).finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^onnx +available: version \S+ on cpu/m);
    expect(stdout).toMatch(/^wasm +available/m);
    expect(stdout).not.toMatch(/\.cc|\.cpp|XDG_RUNTIME_DIR|operator\(\)|Warning/);
  }, 60_000);
});
