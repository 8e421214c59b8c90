import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['attune-source', 'node', 'import', 'default'];
/** Folders with a package.json in these, and in folders of these that are none themselves. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => `${folder}/${name}`)
    .flatMap((path) => (existsSync(`${path}/package.json`) ? [path] : packagesIn(path)));
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const roots = [...packagesIn(here('packages')), here('datasets/generator'), here('benchmarks')];
const nameOf = (root: string): string => JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).name;

const projects = [
  ...roots.map((root) => ({ name: nameOf(root), root, include: ['src/**/*.test.ts'] })),
  { name: 'scripts', root: here('scripts'), include: ['**/*.test.ts'] },
];

/** One project per package, so `vitest run --project @attune/core` runs one of them; and one for scripts. */
export default defineConfig({
  test: {
    // Left alone, Vitest keeps a core free: one of two.
    maxWorkers: availableParallelism(),
    projects: projects.map((project) => ({
      resolve: { conditions },
      ssr: { resolve: { conditions } },
      test: { ...project, testTimeout: 30_000 },
    })),
  },
});
