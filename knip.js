/**
 * Names and files that nothing needs (`npx knip`). Names of a package's entry count too: they are needed by another
 * package, a test, an experiment or a script, or an example in a README imports them: READMEs are read like sources.
 */
const entry = ['README.md'];

export default {
  includeEntryExports: true,
  compilers: { md: (text) => [...text.matchAll(/^import [^;]*;/gm)].join('\n') },
  // A README shows what its reader has installed.
  ignoreIssues: {
    '**/README.md': ['unlisted'],
    // Attributes that the declarations of the table of kernels name.
    'packages/graph/src/kernels/*.ts': ['types'],
    '{experiments/*,benchmarks/src/comparison-experiment}.ts': ['exports'],
  },
  ignoreFiles: ['**/*.md'],
  // Given to Node by name, as in `--import tsx`.
  ignoreDependencies: ['tsx'],
  // The system's own, for tests and torture.
  ignoreBinaries: ['mkfifo', 'mount', 'umount'],
  workspaces: {
    '.': { entry: [...entry, 'scripts/**/*.{mjs,ts}', 'experiments/*.ts'] },
    'packages/*': { entry },
    'packages/*/*': { entry },
    'datasets/generator': { entry: [...entry, 'src/main.ts'] },
    // Loaded before the TypeScript loader, by their names in a list (bin/attune.js); found by its package.json.
    'packages/cli': {
      entry: [...entry, 'src/actions/inspect-engines-process.ts'],
      ignoreDependencies: ['zod', '@tensorflow/tfjs-core', '@attune/datasets'],
    },
    // Started as processes of their own, by their paths.
    'packages/cost': { entry: [...entry, 'src/check/measured-process.ts'] },
    'packages/engine': { entry: [...entry, 'test/{page-faults,soak}.ts'] },
    'packages/runner': { entry: [...entry, 'src/pool/worker.ts'] },
    benchmarks: { entry: [...entry, 'src/cell-process.ts', 'src/comparison-experiment.ts'] },
  },
};
