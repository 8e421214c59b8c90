export { createTokenizer, type TokenizerFiles } from './create-tokenizer.ts';
export type { SequenceLayout } from './sequence-layout.ts';
export { placeholderId, requireSpecialId } from './special-ids.ts';
export type { EncodeOptions, SpecialIds, Tokenizer } from './tokenizer.ts';
export { type VocabularyFiles, vocabularyFileSets, vocabularyTokenizerJson } from './vocabulary-files.ts';
export { wordPieceTokenizerJson } from './word-piece.ts';
