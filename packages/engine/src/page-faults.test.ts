import { expect, test } from 'vitest';
import { runScript } from '../test/run-script.ts';

const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;

const faults = (...given: string[]): number => Number(runScript('../test/page-faults.ts', { given }));

/** By default. A heap whose end is in use by chance gives nothing back: then other processes are asked, up to five. */
function faultsByDefault(): number {
  for (let tries = 1; ; tries += 1) {
    const count = faults();
    if (count > 0 || tries === 5) return count;
  }
}

// 20 MiB are 5,120 pages.
test.skipIf(glibcVersionRuntime === undefined)('what a step frees is at hand for the next', () => {
  expect(faultsByDefault()).toBeGreaterThan(4000);
  expect(faults('keep')).toBeLessThan(100);
});
