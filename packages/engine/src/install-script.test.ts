import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/**
 * The install script of onnxruntime-node downloads CUDA providers of some 300 MB on Linux and fails `npm ci` where its
 * host is out of reach. npm 11 heeds `allowScripts` in package.json; npm 10 runs what the lock file says has scripts.
 * An `npm install` that writes the mark again has to be undone by hand.
 * For those who install the packages it is an optional dependency: npm leaves it out where its script fails.
 */
it('package-lock.json has no install script of onnxruntime-node', () => {
  const file = new URL('../../../package-lock.json', import.meta.url);
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, object> };
  const entry = packages['node_modules/onnxruntime-node'];
  expect(entry).toMatchObject({ version: '1.30.0' });
  expect(entry).not.toHaveProperty('hasInstallScript');
});
