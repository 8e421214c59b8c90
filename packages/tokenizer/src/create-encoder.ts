import type { z } from 'zod';
import { addedTokenSplitter, type Section } from './added-token-splitter.ts';
import { checkCosts } from './check-costs.ts';
import { checkModel, type modelSchema } from './model-schema.ts';
import { bpeModel } from './models/bpe-model.ts';
import { unigramModel } from './models/unigram-model.ts';
import { wordPieceModel } from './models/word-piece-model.ts';
import { createNormalizer } from './normalizers/create-normalizer.ts';
import { createPreTokenizer } from './pre-tokenizers.ts';
import type { Piece } from './split-text.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** Turns text to ids; knows no special tokens. */
export interface Encoder {
  /** Ids of a text, special tokens' names read as ordinary characters. */
  encode(text: string): number[];
  /** The words a text is cut into before they become tokens. */
  words(text: string): readonly string[];
}

/**
 * Text to ids in the steps of the reference library: added tokens are found in the text as it is; what is between them
 * is normalized; added tokens that count after that are found; the rest is cut into words, and those into tokens.
 *
 * @throws Error when the parts of the file do not fit together, or could take longer than any in use
 */
export function createEncoder(json: TokenizerJson): Encoder {
  checkModel(json.model);
  checkCosts(json);
  const { added_tokens: added, normalizer, pre_tokenizer: preTokenizer } = json;
  const normalize = normalizer === null ? (text: string) => text : createNormalizer(normalizer);
  const cut = preTokenizer === null ? (piece: Piece) => [piece] : createPreTokenizer(preTokenizer);
  const model = createModel(json.model, new Set(added.flatMap(({ special, content }) => (special ? content : []))));
  const splitRaw = addedTokenSplitter(added.filter((token) => !token.normalized));
  const splitNormalized = addedTokenSplitter(
    added.filter((token) => token.normalized),
    normalize,
  );
  const sections = (text: string): Section[] =>
    splitRaw(text.replace(loneSurrogates, '\ufffd')).flatMap((section) => {
      if (section.token !== undefined) return section;
      const parts = splitNormalized(normalize(section.text));
      return parts.map((part) => ({ ...part, start: section.start + part.start }));
    });
  const wordsOf = ({ text, start }: Section) => cut({ text, isFirst: start === 0 });
  return {
    encode: (text) => {
      const ids: number[] = [];
      const add = (more: readonly number[]) => {
        for (const id of more) ids.push(id);
      };
      for (const section of sections(text)) {
        if (section.token !== undefined) ids.push(section.token.id);
        else for (const word of wordsOf(section)) add(model(word.text));
      }
      return ids;
    },
    words: (text) =>
      sections(text).flatMap((section) =>
        section.token === undefined ? wordsOf(section).map((word) => word.text) : section.token.content,
      ),
  };
}

// A surrogate without its other half: in a pattern with the flag u, no half of a whole pair matches.
const loneSurrogates = /[\ud800-\udfff]/gu;

function createModel(
  model: z.infer<typeof modelSchema>,
  special: ReadonlySet<string>,
): (word: string) => readonly number[] {
  switch (model.type) {
    case 'BPE':
      return bpeModel(model);
    case 'WordPiece':
      return wordPieceModel(model);
    case 'Unigram':
      // The reference finds special pieces in any text; here only a formulation places them.
      return unigramModel(model, special);
    default:
      return model satisfies never;
  }
}
