export { resolveSplitFile } from './resolve-split-file.ts';
