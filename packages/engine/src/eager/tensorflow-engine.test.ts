import { describe, expect, test } from 'vitest';
import { reportTensorflow } from './tensorflow-engine.ts';

// The packages are optional, so each test has an answer for a machine with them and for one without.
describe.each(['tensorflow-gpu', 'tensorflow'] as const)('%s', (name) => {
  const wanted = name === 'tensorflow' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';

  test('is reported with its own package, or with what keeps it from loading', async () => {
    const report = await reportTensorflow(name);
    expect(report.name).toBe(name);
    if (!report.available) expect(report.reason).toContain(wanted);
  });

  test('is not loaded by a Node that its package does not work with', async () => {
    const report = await reportTensorflow(name, { node: '24.1.0' });
    expect(report.available).toBe(false);
    if (report.version === undefined) {
      expect(report.fix).toBe(`npm install ${wanted}@4.22.0, on a machine that can download its native library`);
    } else {
      expect(report).toMatchObject({
        reason: `${wanted} ${report.version} does not work with Node 24.1.0`,
        fix: 'use Node 20 or 22',
      });
    }
  });
});
