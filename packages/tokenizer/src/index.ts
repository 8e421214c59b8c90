export { createTokenizer } from './create-tokenizer.ts';
export { placeholderId, requireSpecialId } from './special-ids.ts';
export type { SpecialIds, Tokenizer } from './tokenizer.ts';
export { resolveTokenizerFiles } from './tokenizer-files.ts';
export { type VocabularyFiles, vocabularyFileSets, vocabularyTokenizerJson } from './vocabulary-files.ts';
export { wordPieceTokenizerJson } from './word-piece.ts';
