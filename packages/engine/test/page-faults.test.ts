import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./page-faults.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;

const faults = (...given: string[]): number =>
  Number(execFileSync(process.execPath, ['--conditions=attune-source', '--import', loader, script, ...given]));

// 20 MiB are 5,120 pages.
test.skipIf(glibcVersionRuntime === undefined)('what a step frees is at hand for the next', () => {
  expect(faults()).toBeGreaterThan(4000);
  expect(faults('keep')).toBeLessThan(100);
});
