import { groupBy } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import type { ExperimentResults } from '../read-records.ts';
import { average, type Summary, summarize, summarizeGroups } from '../statistics.ts';
import { type Arm, groupArms, taskNames } from './arms.ts';

/** Scores of one arm on one task. */
export interface ScoreCell {
  readonly task: string;
  /** Trials with a record, whatever their status. */
  readonly records: readonly TrialRecord[];
  readonly completed: readonly TrialRecord[];
  /** Over the completed trials' task scores; absent when there are none. */
  readonly summary?: Summary;
}

/** Mean over tasks of one arm: the interval takes tasks as fixed and seeds as drawn. */
interface OverallScore extends Summary {
  /** Tasks that have a score. */
  readonly tasks: number;
  /** True when these are all tasks that any arm has a score on; only such means are compared. */
  readonly complete: boolean;
}

/** The scores of one arm: a row of the grid. */
export interface ArmScores {
  readonly arm: Arm;
  readonly cells: readonly ScoreCell[];
  readonly overall?: OverallScore;
}

/** Scores without any training: those of the commonest answer, or of drawing one. */
export interface Baseline {
  readonly name: 'majority' | 'chance';
  /** By task; absent where no record knows it. */
  readonly scores: ReadonlyMap<string, number>;
  /** Mean over the scored tasks. */
  readonly overall?: number;
}

/** Arms by tasks, with the two rows that every score is read against. */
export interface ScoreGrid {
  readonly tasks: readonly string[];
  /** Tasks with at least one completed trial; means over tasks are over these. */
  readonly scoredTasks: readonly string[];
  readonly arms: readonly ArmScores[];
  readonly majority: Baseline;
  readonly chance: Baseline;
}

/** The task score of a completed trial: `score`, or the mean of its metrics, which is how it is defined. */
export function taskScore(scores: Readonly<Record<string, number>>): number | undefined {
  const metrics = Object.values(scores);
  return scores.score ?? (metrics.length > 0 ? average(metrics) : undefined);
}

/** Whether a record counts in means: its trial came to its end and has a score. */
export function isScored(record: TrialRecord): boolean {
  return record.status === 'completed' && taskScore(record.scores) !== undefined;
}

/** Scores of each arm on each task, and the baselines beside them. */
export function buildScoreGrid(results: ExperimentResults): ScoreGrid {
  const tasks = taskNames(results);
  const completed = results.records.filter(isScored);
  const byTask = recordsByTask(completed);
  const scoredTasks = tasks.filter((task) => byTask.has(task));
  return {
    tasks,
    scoredTasks,
    arms: groupArms(results).map((arm) => scoresOfArm(arm, tasks, scoredTasks)),
    majority: baseline('majority', byTask, scoredTasks),
    chance: baseline('chance', byTask, scoredTasks),
  };
}

function scoresOfArm(arm: Arm, tasks: readonly string[], scoredTasks: readonly string[]): ArmScores {
  const byTask = recordsByTask(arm.records);
  const cells = tasks.map((task) => scoreCell(task, byTask.get(task) ?? []));
  const overall = overallScore(cells, scoredTasks);
  return { arm, cells, ...(overall === undefined ? {} : { overall }) };
}

/** Records in their order, by the names of their tasks. */
function recordsByTask(records: readonly TrialRecord[]): ReadonlyMap<string, readonly TrialRecord[]> {
  return groupBy(records, ({ config }) => config.task.name);
}

function scoreCell(task: string, records: readonly TrialRecord[]): ScoreCell {
  const completed = records.filter(isScored);
  const summary = summarize(completed.map((record) => taskScore(record.scores)!));
  return { task, records, completed, ...(summary === undefined ? {} : { summary }) };
}

function overallScore(cells: readonly ScoreCell[], scoredTasks: readonly string[]): OverallScore | undefined {
  const scored = cells.filter((cell) => cell.completed.length > 0);
  const summary = summarizeGroups(scored.map((cell) => cell.completed.map((record) => taskScore(record.scores)!)));
  if (summary === undefined) return undefined;
  // The spread shown beside the mean is over seeds: one mean over tasks for each seed that has them all.
  const means = seedMeans(scored);
  const { interval, mean, count } = summary;
  return {
    mean,
    count,
    tasks: scored.length,
    complete: scored.length === scoredTasks.length,
    ...(means.length > 1 ? { sd: summarize(means)!.sd! } : {}),
    ...(interval === undefined ? {} : { interval }),
  };
}

function seedMeans(cells: readonly ScoreCell[]): readonly number[] {
  const bySeed = cells.map(completedBySeed);
  return seedsOf(cells.flatMap((cell) => cell.completed)).flatMap((seed) => {
    const row = bySeed.flatMap((completed) => completed.get(seed) ?? []);
    return row.length === cells.length ? [average(row.map((record) => taskScore(record.scores)!))] : [];
  });
}

/** The completed trials of a cell; the first of each seed. */
export function completedBySeed({ completed }: ScoreCell): ReadonlyMap<number, TrialRecord> {
  return new Map(completed.map((record) => [record.config.seed, record] as const).reverse());
}

/** The distinct seeds of some records, ascending. */
export function seedsOf(records: readonly TrialRecord[]): readonly number[] {
  return [...new Set(records.map((record) => record.config.seed))].sort((a, b) => a - b);
}

function baseline(
  name: Baseline['name'],
  byTask: ReadonlyMap<string, readonly TrialRecord[]>,
  scoredTasks: readonly string[],
): Baseline {
  const scores = new Map<string, number>();
  for (const task of scoredTasks) {
    const values = byTask.get(task)!.flatMap((record) => taskScore(record[name]) ?? []);
    if (values.length > 0) scores.set(task, average(values));
  }
  const known = [...scores.values()];
  return {
    name,
    scores,
    ...(known.length > 0 && known.length === scoredTasks.length ? { overall: average(known) } : {}),
  };
}
