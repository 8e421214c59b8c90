export { collectGarbage } from './collect-garbage.ts';
export { displayPath } from './display-path.ts';
export { openFile, readBytes, readParts, readText } from './open-file.ts';
export { findPartialFiles, removeStillPartial } from './partial-files.ts';
export { hashFile, readDataFile, readJsonFile, readTextIfThere } from './read-files.ts';
export { findSplitFile } from './split-file.ts';
export { checkWritableFolder, makeFolder, unwritable, writeAll, writeIn } from './writable-folder.ts';
export {
  renameDurably,
  syncWhole,
  UnwritableError,
  writeAtomically,
  writeNew,
  writePartsAtomically,
} from './write-files.ts';
