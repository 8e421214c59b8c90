/** How well a relation's objects were found. All are fractions of its facts, but the mean reciprocal rank. */
export interface ProbeScores {
  /** The object has the highest score. */
  readonly precisionAt1: number;
  /** The object is among the ten highest. */
  readonly precisionAt10: number;
  /** Mean of 1 / rank. */
  readonly meanReciprocalRank: number;
  /** What always answering the most frequent object would give for `precisionAt1`. */
  readonly majority: number;
}

/**
 * Rank of one score among all, from 1. Of equal scores the one in front ranks first.
 *
 * @param without  places that do not take part; the score's own always does
 */
export function rankOf(scores: readonly number[], place: number, without: ReadonlySet<number> = new Set()): number {
  const own = scores[place]!;
  const isAhead = (score: number, other: number) => score > own || (score === own && other < place);
  return 1 + scores.filter((score, other) => isAhead(score, other) && !without.has(other)).length;
}

/**
 * Scores of a relation.
 *
 * @param ranks    rank of each fact's object, from 1
 * @param objects  the objects, in the same order
 */
export function probeScores(ranks: readonly number[], objects: readonly string[]): ProbeScores {
  const counts = new Map<string, number>();
  for (const object of objects) counts.set(object, (counts.get(object) ?? 0) + 1);
  return {
    precisionAt1: mean(ranks.map((rank) => Number(rank === 1))),
    precisionAt10: mean(ranks.map((rank) => Number(rank <= 10))),
    meanReciprocalRank: mean(ranks.map((rank) => 1 / rank)),
    majority: Math.max(...counts.values()) / objects.length,
  };
}

/** Unweighted mean over relations, the figure that LAMA reports. */
export function macroMean(relations: readonly ProbeScores[]): ProbeScores {
  return {
    precisionAt1: mean(relations.map(({ precisionAt1 }) => precisionAt1)),
    precisionAt10: mean(relations.map(({ precisionAt10 }) => precisionAt10)),
    meanReciprocalRank: mean(relations.map(({ meanReciprocalRank }) => meanReciprocalRank)),
    majority: mean(relations.map(({ majority }) => majority)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
