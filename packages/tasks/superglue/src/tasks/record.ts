import { DatasetError, parseRows } from '@attune/base';
import type {
  CandidatesInstance,
  ClassificationInstance,
  FormulateCall,
  Formulated,
  InstanceOutput,
  Prediction,
} from '@attune/core';
import { exactMatch, f1Token } from '../metrics.ts';
import { choosePattern, type Pattern, type Patterns, pattern } from '../template/pattern.ts';
import { rendererOf } from '../template/render-template.ts';
import { candidateIds, chanceOf, checkedPredict, predictsNothing, scoresOf } from './formulation-checks.ts';
import { joinAnswers } from './join-answers.ts';
import { indexOfMax, type PatternTask } from './label-task.ts';
import {
  type CandidateSet,
  candidateSets,
  mostMentioned,
  type RecordQuery,
  type RecordRow,
  recordIds,
  recordQueries,
  recordSchema,
} from './record-row.ts';

const patterns: Patterns = {
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
  const chosen = choosePattern('record', patterns, call).pattern;
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

/** A metric of one answer as the mean over queries; a query without prediction adds 0. */
function queryMetric(name: string, ofAnswer: (predicted: string, golds: readonly string[]) => number) {
  return {
    name,
    measure: (rows: readonly RecordRow[], predictions: readonly Prediction[]) => {
      const queries = rows.flatMap(recordQueries);
      const ids = queries.map(({ id }) => id);
      const answers = new Map(
        joinAnswers('record', ids, predictions).map((answer, place) => [queries[place]!, answer]),
      );
      return meanOf(answered(queries), (query) => {
        const predicted = answers.get(query);
        return predicted === undefined ? 0 : ofAnswer(predicted, query.answers);
      });
    },
    chance: (rows: readonly RecordRow[]) =>
      meanOf(answered(rows.flatMap(recordQueries)), ({ candidates, answers: golds }) =>
        meanOf(candidates, (candidate) => ofAnswer(candidate, golds)),
      ),
  };
}

const metrics = [queryMetric('f1', f1Token), queryMetric('exactMatch', exactMatch)];

function score(rows: readonly RecordRow[], predictions: readonly Prediction[]) {
  return scoresOf(metrics, rows, predictions);
}

/** @throws DatasetError when no query has answers */
function answered(queries: readonly RecordQuery[]): AnsweredQuery[] {
  const known = queries.filter((query): query is AnsweredQuery => query.answers !== undefined);
  if (known.length > 0) return known;
  throw new DatasetError(`record: expected queries with answers, got ${queries.length} without; use a labelled split`);
}

function meanOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

/** Mentions: Ann, Bob, Cy, Dee, Eve, then Ann in the highlight. */
function exampleRow(): RecordRow {
  const text = 'Ann met Bob, Cy, Dee and Eve.\n@highlight\nAnn is a pilot';
  const mention = (name: string, start = text.indexOf(name)) => ({ start, end: start + name.length - 1 });
  return {
    idx: 9,
    passage: {
      text,
      entities: [
        ...['Ann', 'Bob', 'Cy', 'Dee', 'Eve'].map((name) => mention(name)),
        mention('Ann', text.lastIndexOf('Ann')),
      ],
    },
    qas: [{ idx: 40, query: 'The pilot is called @placeholder.', answers: [{ ...mention('Ann'), text: 'Ann' }] }],
  };
}

/** ReCoRD (Zhang et al. 2018): which entity of a news passage stands behind the placeholder? */
export const record: PatternTask<RecordRow> = {
  name: 'record',
  version: 2,
  directory: 'ReCoRD',
  benchmark: 'superglue',
  metrics,
  patterns,
  exampleRow: exampleRow(),
  formulations: ['head', 'cloze'],
  parseRows: (bytes, file) => parseRows(bytes, file, recordSchema, recordIds),
  formulate,
  score,
  // Answers are strings of the passage, so no training answer carries over; the entity named most often does.
  majority: (_trainRows, rows) =>
    score(
      rows,
      rows.flatMap(recordQueries).map(({ id, mentions }) => ({ id, predicted: mostMentioned(mentions) })),
    ),
  chance: (rows) => chanceOf(metrics, rows),
};
