import { DatasetError } from '@attune/base';
import type { ClozeInstance } from '@attune/core';
import { requireSpecialId, type Tokenizer } from '@attune/tokenizer';
import type { Fact, Relation } from './probes.ts';

/** Among which tokens the answer is sought, and which of them each word is. */
interface AnswerVocabulary {
  /** Token ids, ascending. */
  readonly ids: readonly number[];
  /** The word's place in `ids`; undefined when the word is no single token of it. */
  indexOf(word: string): number | undefined;
}

/**
 * The words that are one token of the model, as they stand in the middle of a sentence.
 *
 * @throws DatasetError when none is
 */
export function answerVocabulary(words: readonly string[], tokenizer: Tokenizer): AnswerVocabulary {
  const idOf = (word: string): number | undefined => {
    const ids = tokenizer.encode(word, { afterSpace: true });
    return ids.length === 1 && ids[0] !== tokenizer.specialIds.unk ? ids[0] : undefined;
  };
  const known = new Map(
    [...new Set(words)].flatMap((word) => {
      const id = idOf(word);
      return id === undefined ? [] : [[word, id] as const];
    }),
  );
  const ids = [...new Set(known.values())].sort((a, b) => a - b);
  if (ids.length === 0) {
    const some = words
      .slice(0, 3)
      .map((word) => `"${word}"`)
      .join(', ');
    throw new DatasetError(
      `vocabulary: none of its ${words.length} words is a single token of the model, e.g. ${some}`,
    );
  }
  const places = new Map(ids.map((id, place) => [id, place]));
  return { ids, indexOf: (word) => places.get(known.get(word) ?? -1) };
}

/** A fact to be asked for, by the template of its relation. */
interface ProbeInstanceCall {
  readonly relation: Relation;
  readonly fact: Fact;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
  /** The answer's place in the vocabulary. */
  readonly label: number;
}

/**
 * The relation's template with the subject written in, as it is, and one mask for the object.
 *
 * @throws DatasetError when it is longer than the model allows, ConfigError when the vocabulary has no mask
 */
export function probeInstance({ relation, fact, tokenizer, maxLength, label }: ProbeInstanceCall): ClozeInstance {
  const { prefix, suffix } = tokenizer.layout.single;
  const mask = requireSpecialId(tokenizer, 'mask', `relation ${relation.relation}`);
  const [before, after] = relation.template.split('[Y]').map((text) => text.split('[X]').join(fact.sub_label));
  const start = [...prefix, ...tokenizer.encode(before!.trimEnd())];
  const inputIds = [...start, mask, ...tokenizer.encode(after!), ...suffix];
  if (inputIds.length > maxLength) {
    throw new DatasetError(
      `${relation.relation}: "${fact.sub_label}" gives ${inputIds.length} tokens, the model has room for ${maxLength}`,
    );
  }
  return {
    kind: 'cloze',
    sequence: {
      inputIds,
      tokenTypeIds: inputIds.map(() => 0),
      maskPositions: [start.length],
      virtualTokenPositions: [],
    },
    label,
  };
}
