import { type Answer, type TrialRecord, unpackPredictions } from '@attune/records';
import { type Summary, summarizeGroups } from '../statistics.ts';
import { type ArmScores, type Baseline, completedBySeed, taskScore } from './score-grid.ts';

/** Two arms on the same tasks, seeds and examples; positive differences favour the first. */
interface Comparison {
  /** Over pairs of trials with equal task and seed; tasks fixed, seeds drawn. `count` is the number of pairs. */
  readonly difference: Summary;
  readonly tasks: number;
  readonly examples: ExampleCounts;
}

/** How often exactly one of two arms answered an example of the same trial pair correctly. */
interface ExampleCounts {
  readonly compared: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** Paired difference of task scores, `first` minus `second`. Undefined without a common task and seed. */
export function compareArms(first: ArmScores, second: ArmScores): Comparison | undefined {
  const examples = { compared: 0, onlyFirst: 0, onlySecond: 0 };
  const groups = first.cells.map((cell, index) => {
    const partners = completedBySeed(second.cells[index]!);
    return cell.completed.flatMap((record) => {
      const partner = partners.get(record.config.seed);
      if (partner === undefined) return [];
      countExamples(record, partner, examples);
      return [taskScore(record.scores)! - taskScore(partner.scores)!];
    });
  });
  const difference = summarizeGroups(groups);
  if (difference === undefined) return undefined;
  return { difference, tasks: groups.filter((group) => group.length > 0).length, examples };
}

/** Difference of an arm's scores and a fixed baseline, over tasks and seeds. */
export function compareToBaseline(arm: ArmScores, { scores }: Baseline): Summary | undefined {
  return summarizeGroups(
    arm.cells.map((cell) => {
      const reference = scores.get(cell.task);
      if (reference === undefined) return [];
      return cell.completed.map((record) => taskScore(record.scores)! - reference);
    }),
  );
}

/** The arm with the highest mean among those with a score on every scored task; the first of equals. */
export function bestArm(arms: readonly ArmScores[]): ArmScores | undefined {
  return rankedArms(arms)[0];
}

/** Arms with comparable means, best first. */
export function rankedArms(arms: readonly ArmScores[]): readonly ArmScores[] {
  return arms
    .filter(({ overall }) => overall?.complete === true)
    .sort((a, b) => b.overall!.mean - a.overall!.mean || a.arm.index - b.arm.index);
}

/**
 * Correct is `predicted` equal to `gold`. Trials of the same data answer the same questions even where `gold` differs:
 * of several right answers it names the one closest to the prediction. Trials of other data are compared only where
 * it agrees.
 */
function countExamples(
  first: TrialRecord,
  second: TrialRecord,
  counts: { compared: number; onlyFirst: number; onlySecond: number },
): void {
  const sameData = first.config.data.hash === second.config.data.hash;
  const others = byPlace(second);
  for (const [place, { predicted, gold }] of byPlace(first)) {
    const other = others.get(place);
    if (gold === undefined || other?.gold === undefined || !(sameData || other.gold === gold)) continue;
    const [isRight, isOtherRight] = [predicted === gold, other.predicted === other.gold];
    counts.compared += 1;
    if (isRight && !isOtherRight) counts.onlyFirst += 1;
    if (!isRight && isOtherRight) counts.onlySecond += 1;
  }
}

/** Answers by id and place among those of that id: old records may hold several of one, in the order of their rows. */
function byPlace({ predictions }: TrialRecord): Map<string, Answer> {
  const counts = new Map<string, number>();
  return new Map(
    unpackPredictions(predictions).map((answer) => {
      const place = counts.get(answer.id) ?? 0;
      counts.set(answer.id, place + 1);
      return [`${place} ${answer.id}`, answer];
    }),
  );
}
