import { expect, test } from 'vitest';
import { runScript } from '../test/run-script.ts';

const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;

const faults = (...given: string[]): number => Number(runScript('../test/page-faults.ts', { given }));

// 20 MiB are 5,120 pages.
test.skipIf(glibcVersionRuntime === undefined)('what a step frees is at hand for the next', () => {
  expect(faults()).toBeGreaterThan(4000);
  expect(faults('keep')).toBeLessThan(100);
});
