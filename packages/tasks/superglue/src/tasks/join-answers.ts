import { ConfigError } from '@attune/base';
import type { Prediction } from '@attune/core';

/**
 * The answer to each item of a split, which is the prediction at its place. Predictions may be left out, so places are
 * counted among those of one id: the second item of an id has the second prediction of it.
 *
 * @param ids  of the items, in order
 * @returns    one answer per item; undefined where no prediction is left
 * @throws ConfigError for predictions that belong to no item
 */
export function joinAnswers(
  task: string,
  ids: readonly string[],
  predictions: readonly Prediction[],
): readonly (string | undefined)[] {
  const waiting = new Map<string, string[]>();
  for (const { id, predicted } of predictions) {
    const own = waiting.get(id);
    if (own === undefined) waiting.set(id, [predicted]);
    else own.push(predicted);
  }
  const taken = new Map<string, number>();
  const answers = ids.map((id) => {
    const place = taken.get(id) ?? 0;
    taken.set(id, place + 1);
    return waiting.get(id)?.[place];
  });
  const left = [...waiting].find(([id, own]) => own.length > (taken.get(id) ?? 0));
  if (left === undefined) return answers;
  throw new ConfigError(
    `${task}: score: expected predictions of the rows that are given, ${taken.get(left[0]) ?? 0} with id ${left[0]}, ` +
      `got ${left[1].length} with it; predict and score the same rows`,
  );
}
