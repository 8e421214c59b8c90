export { collectGarbage } from './collect-garbage.ts';
export { displayPath } from './display-path.ts';
export { hashFile, readDataFile, readJsonFile } from './read-files.ts';
export { findSplitFile } from './split-file.ts';
export { checkWritableFolder, unwritable, writeAtomically, writeIn, writePartsAtomically } from './write-files.ts';
