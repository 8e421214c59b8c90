export { collectGarbage } from './collect-garbage.ts';
export { displayPath } from './display-path.ts';
export { hashFile, readDataFile, readJsonFile } from './read-files.ts';
export { checkWritableFolder, makeFolder, unwritable, writeIn } from './writable-folder.ts';
export { renameDurably, UnwritableError, writeAtomically, writePartsAtomically } from './write-files.ts';
