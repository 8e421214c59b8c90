import { type ClozeInstance, DatasetError, requireSpecialId, type Tokenizer } from '@attune/core';
import type { Fact, Relation } from './probes.ts';

interface ProbeInstanceCall {
  readonly relation: Relation;
  readonly fact: Fact;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
  /** The answer's place in the vocabulary. */
  readonly label: number;
}

/**
 * The relation's template with the subject written in and one mask for the object.
 *
 * @throws DatasetError when it is longer than the model allows, ConfigError when the vocabulary has no mask
 */
export function probeInstance({ relation, fact, tokenizer, maxLength, label }: ProbeInstanceCall): ClozeInstance {
  const { prefix, suffix } = tokenizer.layout.single;
  const mask = requireSpecialId(tokenizer, 'mask', `relation ${relation.relation}`);
  const [before, after] = relation.template.split('[Y]').map((text) => text.replace('[X]', fact.sub_label));
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
