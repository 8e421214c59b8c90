export { resolveSplitFile } from './data/resolve-split-file.ts';
