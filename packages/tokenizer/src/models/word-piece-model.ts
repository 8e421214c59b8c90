import type { z } from 'zod';
import type { modelSchema } from '../model-schema.ts';
import { TokenTrie } from './token-trie.ts';

type WordPieceSettings = Extract<z.infer<typeof modelSchema>, { type: 'WordPiece' }>;

/** Words to ids: the longest piece first, a word that has no pieces is unknown (Wu et al. 2016). */
export function wordPieceModel(settings: WordPieceSettings): (word: string) => number[] {
  const { vocab, continuing_subword_prefix: prefix, max_input_chars_per_word: most } = settings;
  const unknown = [vocab.get(settings.unk_token)!];
  const [starts, inner] = [new TokenTrie(), new TokenTrie()];
  for (const [token, id] of vocab) {
    starts.add(token, id);
    if (token.startsWith(prefix)) inner.add(token.slice(prefix.length), id);
  }
  return (word) => {
    if (word.length > most && Array.from(word).length > most) return unknown;
    const ids: number[] = [];
    for (let at = 0; at < word.length; ) {
      const piece = (at === 0 ? starts : inner).longest(word, at);
      if (piece === undefined) return unknown;
      ids.push(piece.id);
      at = piece.end;
    }
    return ids;
  };
}
