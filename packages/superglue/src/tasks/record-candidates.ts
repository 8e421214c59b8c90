import { DatasetError, type FormulateCall, randomSource } from '@attune/core';
import { type RecordQuery, type RecordRow, recordQueries } from './record-row.ts';

/** Wrong candidates beside each right one in training. PET takes 9; 3 keep a training step small. */
export const WRONG_CANDIDATES_IN_TRAINING = 3;

/** Candidates that compete for one query, and which of them is right. */
export interface CandidateSet {
  readonly query: RecordQuery;
  readonly candidates: readonly string[];
  /** Index of the (first) right candidate. */
  readonly label?: number;
  readonly isRight: (candidate: string) => boolean;
}

/**
 * Evaluation: every distinct candidate of each query. Training: one set per distinct right answer, with it and a few
 * wrong ones in an order drawn from the seed.
 *
 * @throws DatasetError when training meets a query without answers
 */
export function candidateSets({ rows, purpose, seed }: FormulateCall<RecordRow>): CandidateSet[] {
  const queries = rows.flatMap(recordQueries);
  if (purpose === 'evaluate') return queries.map((query) => competing(query, query.candidates));
  const random = randomSource(seed).fork('record-candidates');
  return queries.flatMap((query) => {
    if (query.answers === undefined || query.answers.length === 0) {
      throw new DatasetError(`record: query ${query.id}: expected answers to train on, got none`);
    }
    const wrong = query.candidates.filter((candidate) => !query.answers!.includes(candidate));
    return query.answers.map((answer, index) => {
      const source = random.fork(query.id).fork(index);
      const drawn = source.permutation(wrong.length).slice(0, WRONG_CANDIDATES_IN_TRAINING);
      const all = [answer, ...drawn.map((at) => wrong[at]!)];
      return competing(
        query,
        source.permutation(all.length).map((at) => all[at]!),
      );
    });
  });
}

function competing(query: RecordQuery, candidates: readonly string[]): CandidateSet {
  const isRight = (candidate: string) => query.answers?.includes(candidate) ?? false;
  const label = candidates.findIndex(isRight);
  return { query, candidates, isRight, ...(label < 0 ? {} : { label }) };
}
