import { count, listed, percent, plural, points, signedPoints, signedRange } from '@attune/base';
import type { ExperimentResults } from '../read-records.ts';
import { compareArms, compareToBaseline, rankedArms } from './comparison.ts';
import { costsOfArm } from './costs.ts';
import { type ArmScores, type Baseline, buildScoreGrid, isScored, type ScoreGrid, seedsOf } from './score-grid.ts';

/** A mean less than this above guessing is called near it, whatever its interval. */
const NEAR = 0.05;

/**
 * The summary of a report, made of its data alone: which arm scored best and by how much, at what share of the
 * parameters, whether that is above guessing at all, and what is missing.
 */
export function findings(results: ExperimentResults, grid: ScoreGrid = buildScoreGrid(results)): readonly string[] {
  const ranked = rankedArms(grid.arms);
  const [best, second] = ranked;
  if (best === undefined) return [nothingYet(results), ...coverage(results)];
  const scale = guessingScale(best, grid);
  const result = bestSentence(best, grid);
  return [
    // A best among guesses must not be read as a result, so the warning stands in the same sentence.
    scale?.isNear ? `${result} ${scale.sentence}` : result,
    ...(second === undefined ? [] : marginSentence(best, second)),
    ...(scale?.isNear ? [] : cheapestSentence(best, ranked)),
    ...knownBaselines(grid),
    ...(scale === undefined || scale.isNear ? [] : [scale.sentence]),
    ...noBetter(grid),
    ...coverage(results),
  ];
}

function nothingYet({ records, experiment }: ExperimentResults): string {
  if (records.length === 0)
    return `None of the ${plural(experiment.trials.length, 'trial')} has run yet, so there is nothing to compare.`;
  if (!records.some(isScored)) return 'No trial has completed with a score, so there is nothing to compare.';
  return 'No method has a score on every task yet, so there is no mean to compare.';
}

function bestSentence({ arm, overall, cells }: ArmScores, grid: ScoreGrid): string {
  const { mean, interval } = overall!;
  const seeds = seedsOf(cells.flatMap((cell) => cell.completed)).length;
  const spread =
    interval === undefined ? 'no interval' : `95 % interval ${points(interval[0])} to ${points(interval[1])}`;
  const tasks = plural(grid.scoredTasks.length, 'task');
  const run = `${plural(seeds, 'seed')}, ${spread}`;
  const share = trainedShare(costsOfArm(arm)?.trainableShare ?? 0);
  const verb = grid.arms.length > 1 ? 'scored best' : 'is the only method with trials';
  return `${arm.name} ${verb}: ${points(mean)} on average over ${tasks} (${run}), ${share}.`;
}

function trainedShare(share: number): string {
  if (share === 0) return 'training nothing';
  return isWhole(share) ? 'training all parameters' : `training ${percent(share)} of the parameters`;
}

/** To the digits shown. */
const isWhole = (share: number) => share >= 0.9995;

function marginSentence(best: ArmScores, second: ArmScores): readonly string[] {
  const comparison = compareArms(best, second);
  if (comparison === undefined) return [];
  const { mean, interval, count: pairs } = comparison.difference;
  const by = `${points(Math.abs(mean))} points`;
  if (interval === undefined) {
    return [
      `That is ${by} above ${second.arm.name}, from ${plural(pairs, 'pair')} of trials: too few to say how sure.`,
    ];
  }
  const range = `95 % interval of the paired difference ${signedRange(interval)}`;
  return interval[0] > 0
    ? [`That is ${by} above ${second.arm.name}, the next best (${range}).`]
    : [`The next best, ${second.arm.name}, is ${by} below; these seeds do not separate the two (${range}).`];
}

/** The arm with the fewest trained parameters among those near the best that train a part of their model. */
function cheapestSentence(best: ArmScores, ranked: readonly ArmScores[]): readonly string[] {
  const parameters = ({ arm }: ArmScores) => costsOfArm(arm)!.trainableParameters;
  const trainsPart = (arm: ArmScores) => parameters(arm) > 0 && !isWhole(costsOfArm(arm.arm)!.trainableShare);
  const near = ranked.filter((arm) => best.overall!.mean - arm.overall!.mean <= NEAR && trainsPart(arm));
  const cheapest = near.reduce((least, arm) => (parameters(arm) < parameters(least) ? arm : least), best);
  if (cheapest === best || parameters(best) === 0) return [];
  const behind = points(best.overall!.mean - cheapest.overall!.mean);
  const costs = costsOfArm(cheapest.arm)!;
  return [
    `Within ${points(NEAR).replace('.0', '')} points of it with the fewest trained parameters: ${cheapest.arm.name}, ${behind} points lower with ${count(costs.trainableParameters)} (${percent(costs.trainableShare)}).`,
  ];
}

function baselinesOf({ majority, chance }: ScoreGrid): readonly Baseline[] {
  return [majority, chance].filter((baseline) => baseline.overall !== undefined);
}

function knownBaselines(grid: ScoreGrid): readonly string[] {
  const known = baselinesOf(grid).map((baseline) => `${phrase(baseline)} scores ${points(baseline.overall!)}`);
  return known.length > 0 ? [`For scale: ${known.join(', ')}.`] : [];
}

/** The best arm against the higher of majority and chance. */
function guessingScale(best: ArmScores, grid: ScoreGrid): { isNear: boolean; sentence: string } | undefined {
  const [first, ...others] = baselinesOf(grid);
  if (first === undefined) return undefined;
  const floor = others.reduce((high, baseline) => (baseline.overall! > high.overall! ? baseline : high), first);
  const above = compareToBaseline(best, floor);
  if (above === undefined) return undefined;
  const range = above.interval === undefined ? '' : ` (95 % interval ${signedRange(above.interval)})`;
  const reference = floor.name === 'majority' ? 'the majority class' : 'chance';
  const isNear = above.mean < NEAR || (above.interval !== undefined && above.interval[0] <= 0);
  const sentence = isNear
    ? `Even that is near guessing, ${signedPoints(above.mean)} points from ${reference}${range}, so these scores say little about which method is better.`
    : `${best.arm.name} is ${points(above.mean)} points above ${reference}${range}.`;
  return { isNear, sentence };
}

/** Tasks on which no arm's mean exceeds the majority class. */
function noBetter(grid: ScoreGrid): readonly string[] {
  const scored = new Set(grid.scoredTasks);
  const tasks = grid.tasks.filter((task, place) => {
    const floor = grid.majority.scores.get(task);
    const means = grid.arms.flatMap(({ cells }) => cells[place]!.summary?.mean ?? []);
    return scored.has(task) && floor !== undefined && means.every((mean) => mean <= floor);
  });
  return tasks.length > 0 ? [`On ${listed(tasks)} no method’s mean is above the majority class.`] : [];
}

function phrase({ name }: Baseline): string {
  return name === 'majority' ? 'always giving the most frequent training answer' : 'guessing';
}

function coverage({ experiment, records, notRun }: ExperimentResults): readonly string[] {
  const missing = (['no-data', 'diverged', 'failed'] as const).flatMap((status) => {
    const amount = records.filter((record) => record.status === status).length;
    return amount > 0
      ? [`${count(amount)} ${{ 'no-data': 'had no data', diverged: 'diverged', failed: 'failed' }[status]}`]
      : [];
  });
  const parts = notRun > 0 ? [...missing, `${count(notRun)} ${notRun === 1 ? 'has' : 'have'} not run yet`] : missing;
  if (parts.length === 0) return [];
  const completed = records.filter((record) => record.status === 'completed').length;
  return [`Of ${plural(experiment.trials.length, 'trial')}, ${count(completed)} completed; ${listed(parts)}.`];
}
