import {
  type CandidatesInstance,
  type ClassificationInstance,
  DatasetError,
  type FormulateCall,
  type Formulated,
  type InstanceOutput,
  type Prediction,
  parseRows,
  type Task,
} from '@attune/core';
import { exactMatch } from '../metrics/exact-match.ts';
import { f1Token } from '../metrics/f1-token.ts';
import { choosePattern, type Pattern, type Patterns, pattern } from '../template/pattern.ts';
import { rendererOf } from '../template/renderer.ts';
import { candidateIds } from './candidate-ids.ts';
import { checkedPredict, predictsNothing } from './formulation-checks.ts';
import { indexOfMax } from './predict-labels.ts';
import { type CandidateSet, candidateSets } from './record-candidates.ts';
import { mostMentioned, type RecordQuery, type RecordRow, recordQueries, recordSchema } from './record-row.ts';

export const recordPatterns: Patterns = {
  fewnlu: pattern('{passage~} [P] {~before} [M*]{after~}'),
  'pet-0': pattern('{passage~} {~before} [M*]{after~}'),
};

const head: Pattern = pattern('{passage~} || {~before} {candidate}{after~}');

const fieldsOf = ({ passage, before, after }: RecordQuery) => ({ passage, before, after });

function formulate(call: FormulateCall<RecordRow>): Formulated<RecordRow> {
  const sets = candidateSets(call);
  const isHead = call.formulation === 'head';
  return checkedPredict('record', {
    kind: isHead ? 'classification' : 'candidates',
    labels: isHead ? ['0', '1'] : [],
    instances: isHead ? classifyEach(call, sets) : spellOut(call, sets),
    predict: (_rows, outputs) => {
      if (call.purpose === 'train') return predictsNothing('record');
      const scores = isHead ? logOddsBySet(sets, outputs) : outputs.map((output) => output.scores);
      return sets.map((set, index) => predict(set, scores[index]!));
    },
  });
}

/** Each candidate in the placeholder's place is a classification of its own: right (1) or wrong (0). */
function classifyEach(call: FormulateCall<RecordRow>, sets: readonly CandidateSet[]): ClassificationInstance[] {
  const render = rendererOf(call, head);
  return sets.flatMap(({ query, candidates, isRight }) =>
    candidates.map((candidate) => ({
      kind: 'classification' as const,
      sequence: render({ ...fieldsOf(query), candidate }),
      ...(query.answers === undefined ? {} : { label: Number(isRight(candidate)) }),
    })),
  );
}

function spellOut(call: FormulateCall<RecordRow>, sets: readonly CandidateSet[]): CandidatesInstance[] {
  const chosen = choosePattern('record', recordPatterns, call).pattern;
  const render = rendererOf(call, chosen);
  return sets.map(({ query, candidates, label }) => {
    const targets = candidates.map((candidate) => candidateIds(candidate, call.tokenizer, chosen.template));
    return {
      kind: 'candidates',
      sequences: targets.map((target) => render(fieldsOf(query), target.length)),
      targets,
      ...(label === undefined ? {} : { label }),
    };
  });
}

/** Per set the candidates' log odds of being right, which order them as their probabilities do. */
function logOddsBySet(sets: readonly CandidateSet[], outputs: readonly InstanceOutput[]): number[][] {
  const remaining = outputs.map(({ scores }) => scores[1]! - scores[0]!);
  return sets.map(({ candidates }) => remaining.splice(0, candidates.length));
}

function predict({ query, candidates }: CandidateSet, scores: readonly number[]): Prediction {
  const predicted = candidates[indexOfMax(scores)]!;
  return {
    id: query.id,
    predicted,
    ...(query.answers === undefined ? {} : { gold: closestAnswer(predicted, query.answers) }),
    scores: [...scores],
  };
}

/** The right answer that the official metric compares with: the one most like the prediction. */
function closestAnswer(predicted: string, answers: readonly string[]): string {
  if (answers.includes(predicted)) return predicted;
  const likeness = answers.map((answer) => exactMatch(predicted, [answer]) + f1Token(predicted, [answer]));
  return answers[indexOfMax(likeness)] ?? '';
}

type AnsweredQuery = RecordQuery & { readonly answers: readonly string[] };

/** Mean over queries; a query without prediction adds 0. */
function score(rows: readonly RecordRow[], predictions: readonly Prediction[]) {
  const answers = new Map(predictions.map(({ id, predicted }) => [id, predicted]));
  return meanOver(answeredQueries(rows), (query) => {
    const predicted = answers.get(query.id);
    return predicted === undefined ? { f1: 0, exactMatch: 0 } : measure(predicted, query);
  });
}

function measure(predicted: string, { answers }: AnsweredQuery) {
  return { f1: f1Token(predicted, answers), exactMatch: exactMatch(predicted, answers) };
}

/** @throws DatasetError when no query has answers */
function answeredQueries(rows: readonly RecordRow[]): AnsweredQuery[] {
  const queries = rows.flatMap(recordQueries);
  const answered = queries.filter((query): query is AnsweredQuery => query.answers !== undefined);
  if (answered.length > 0) return answered;
  throw new DatasetError(`record: expected queries with answers, got ${queries.length} without; use a labelled split`);
}

function meanOver<T>(items: readonly T[], value: (item: T) => { readonly f1: number; readonly exactMatch: number }) {
  const values = items.map(value);
  const mean = (key: 'f1' | 'exactMatch') => values.reduce((sum, each) => sum + each[key], 0) / values.length;
  return { f1: mean('f1'), exactMatch: mean('exactMatch') };
}

/** ReCoRD (Zhang et al. 2018): which entity of a news passage stands behind the placeholder? */
export const record: Task<RecordRow> = {
  name: 'record',
  version: 1,
  directory: 'ReCoRD',
  metrics: ['f1', 'exactMatch'],
  formulations: ['head', 'cloze'],
  parseRows: (bytes, file) => parseRows(bytes, file, recordSchema),
  formulate,
  score,
  // Answers are strings of the passage, so no training answer carries over; the entity named most often does.
  majority: (_trainRows, rows) =>
    score(
      rows,
      rows.flatMap(recordQueries).map(({ id, mentions }) => ({ id, predicted: mostMentioned(mentions) })),
    ),
  chance: (rows) =>
    meanOver(answeredQueries(rows), (query) => meanOver(query.candidates, (candidate) => measure(candidate, query))),
};
