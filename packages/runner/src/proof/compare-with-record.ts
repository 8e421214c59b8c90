import { type Proof, type TrialRecord, unpackPredictions } from '@attune/records';
import { replaySelection } from '@attune/training';
import type { TrialPlan } from '../experiment/resolved.ts';
import type { PreparedTrial } from '../trial/prepare-trial.ts';
import { taskScores, withMean } from '../trial/train-trial.ts';
import type { ProvenTrial } from './prove-trial.ts';

/**
 * How far numbers of the first steps may lie apart on another kind of processor, relative to the largest of them. Sums are
 * taken in another order there: each rounds by 6e-8 at most, thousands of them follow one another in a step, and Adam's
 * first steps carry the difference on. How far that goes was not measured between processors; a record that lies further
 * off is not taken over, and its trial runs again.
 */
const otherProcessorTolerance = 1e-4;

/** A record with a proof, by which other code can take it over. */
export type ProvedRecord = TrialRecord & { readonly proof: Proof };

/** What the present code computes, compared with what a record says. */
export interface Comparison {
  /** What the present code makes otherwise, each a clause; empty: the record says what it would. */
  readonly differences: readonly string[];
  /** The record comes from another kind of processor: bits of its first steps were not compared. */
  readonly otherProcessor: boolean;
}

/** Compares a record with what the present code computes, scores and selects, all without training. */
export function compareWithRecord(
  record: ProvedRecord,
  call: { readonly plan: TrialPlan; readonly prepared: PreparedTrial; readonly proven: ProvenTrial },
): Comparison {
  const { proof } = call.proven;
  const otherProcessor = record.proof.firstSteps.processor !== proof.firstSteps.processor;
  const checks: readonly (readonly [differs: boolean, what: string])[] = [
    ...partChecks(record.proof, proof),
    ...firstStepChecks(record.proof.firstSteps, proof.firstSteps),
    ...answerChecks(record, call),
    ...courseChecks(record, call),
  ];
  return { differences: checks.filter(([differs]) => differs).map(([, what]) => what), otherProcessor };
}

type Checks = readonly (readonly [differs: boolean, what: string])[];

function partChecks(recorded: Proof, present: Proof): Checks {
  return [
    [recorded.instances.train !== present.instances.train, 'instances of the training split differ'],
    [recorded.instances.select !== present.instances.select, 'instances of the selection split differ'],
    [recorded.instances.report !== present.instances.report, 'instances of the reported split differ'],
    [recorded.initialValues !== present.initialValues, 'initial values differ'],
    [recorded.timetable !== present.timetable, 'order of batches, learning rates or times of evaluation differ'],
    [recorded.steps.train !== present.steps.train, 'the training step differs'],
    [recorded.steps.evaluate !== present.steps.evaluate, 'the evaluation step differs'],
    [recorded.answering !== present.answering, 'what the task makes of outputs differs'],
  ];
}

function firstStepChecks(recorded: Proof['firstSteps'], present: Proof['firstSteps']): Checks {
  const sameKind = recorded.processor === present.processor;
  const differ = (a: Numbers, b: Numbers) => (sameKind ? JSON.stringify(a) !== JSON.stringify(b) : !areClose(a, b));
  const hashDiffers = (a: string, b: string) => sameKind && a !== b;
  const { losses, norm, parameters, outputs } = present;
  return [
    [differ(recorded.losses, losses), 'losses of the first steps differ'],
    [
      hashDiffers(recorded.parameters, parameters) || differ([recorded.norm], [norm]),
      'parameters after the first steps differ',
    ],
    [
      hashDiffers(recorded.outputs.hash, outputs.hash) || differ(recorded.outputs.first, outputs.first),
      'outputs after the first steps differ',
    ],
  ];
}

type Numbers = readonly (number | null)[];

/** What is not finite must be so in both. */
function areClose(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  const largest = Math.max(0, ...[...a, ...b].map((value) => Math.abs(value ?? 0)));
  return a.every((value, index) => {
    const other = b[index] ?? null;
    if (value === null || other === null) return value === other;
    return Math.abs(value - other) <= otherProcessorTolerance * largest;
  });
}

function answerChecks(
  record: TrialRecord,
  { plan, prepared, proven }: Parameters<typeof compareWithRecord>[1],
): Checks {
  const { task } = plan;
  const { train, report } = prepared;
  const { status } = record;
  const predictions = unpackPredictions(record.predictions);
  const items = (answers: readonly { readonly id: string; readonly gold?: string | undefined }[]) =>
    JSON.stringify(answers.map(({ id, gold }) => [id, gold ?? null]));
  const completed = status === 'completed';
  const scores = completed ? taskScores(task, report.rows, predictions) : {};
  return [
    [completed && items(predictions) !== items(proven.answers), 'the items that are answered differ'],
    [differs(record.scores, scores), 'scores of the recorded answers differ'],
    [differs(record.chance, withMean(task.metrics, task.chance(report.rows))), 'scores of chance differ'],
    [
      differs(record.majority, withMean(task.metrics, task.majority(train.rows, report.rows))),
      'scores of the majority class differ',
    ],
  ];
}

/**
 * Same names, same numbers to the last bit: a record that is taken over says what a run that starts afresh would. A metric
 * that sums in another order gives other bits, and a tie between checkpoints may turn on them, so its trials run again.
 */
function differs(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const text = (values: Readonly<Record<string, number>>) => JSON.stringify(Object.entries(values).sort());
  return text(a) !== text(b);
}

/** The training as it went: where it ended, what it kept, what it cost. */
function courseChecks(
  record: TrialRecord,
  { plan, prepared, proven }: Parameters<typeof compareWithRecord>[1],
): Checks {
  const { learningCurve, selection, counts, costs } = record;
  const replayed = replaySelection(learningCurve, plan.training.patience);
  const kept = replayed.best && { bestStep: replayed.best.step, bestScore: replayed.best.score };
  const planned = proven.evaluationSteps;
  const evaluated = learningCurve.map(({ step }) => step);
  // A training that broke has a last point without a score, wherever it broke.
  const broke = learningCurve.at(-1)?.selectionScore === null;
  const ended = broke ? evaluated.slice(0, -1) : evaluated;
  // Where patience ends a training the curve is shorter than the plan, and not otherwise.
  const expected = replayed.exhausted ? replayed.evaluations : broke ? ended.length : planned.length;
  const flops = proven.stepFlops.slice(0, counts.steps).reduce((sum, step) => sum + step, 0);
  const examples = [prepared.train, prepared.select, prepared.report].map(({ rows }) => rows.length);
  const recorded = [counts.trainExamples, counts.selectionExamples, counts.reportedExamples];
  return [
    [JSON.stringify(selection) !== JSON.stringify(kept), 'the selected step differs'],
    [
      ended.length !== expected || ended.some((step, index) => step !== planned[index]),
      'the steps that are followed by an evaluation differ',
    ],
    [JSON.stringify(recorded) !== JSON.stringify(examples), 'numbers of examples differ'],
    [costs.flops !== flops, 'operations of the training differ'],
  ];
}
