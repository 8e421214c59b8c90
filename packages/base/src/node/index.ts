export { collectGarbage } from './collect-garbage.ts';
export { displayPath } from './display-path.ts';
export { findPartialFiles, removeStillPartial } from './partial-files.ts';
export { hashFile, readDataFile, readJsonFile } from './read-files.ts';
export { checkWritableFolder, makeFolder, unwritable, writeIn } from './writable-folder.ts';
export { renameDurably, writeAtomically, writePartsAtomically } from './write-files.ts';
