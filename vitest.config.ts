import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const conditions = ['attune-source', 'node', 'import', 'default'];
const packages = readdirSync(new URL('./packages', import.meta.url)).map((name) => ({
  name,
  root: `packages/${name}`,
}));
const others = [
  { name: 'world', root: 'datasets/generator' },
  { name: 'benchmarks', root: 'benchmarks' },
];

/** One project per package, so `vitest run --project @attune/core` runs one of them. */
export default defineConfig({
  test: {
    projects: [...packages, ...others].map(({ name, root }) => ({
      resolve: { conditions },
      ssr: { resolve: { conditions } },
      test: {
        name: `@attune/${name}`,
        root,
        include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
        testTimeout: 30_000,
      },
    })),
  },
});
