import { DatasetError, type RowId, randomSource } from '@attune/base';
import type { FormulateCall } from '@attune/core';
import { z } from 'zod';
import { codePointLength, codePointSlice } from '../text.ts';
import { rowId } from './label-task.ts';

const PLACEHOLDER = '@placeholder';

/** Offsets of a mention: code points, the end **inclusive**. */
const mention = z.object({ start: z.int().min(0), end: z.int().min(0) });
const query = z.object({
  idx: rowId,
  query: z.string().refine((text) => text.includes(PLACEHOLDER), { error: `a text with ${PLACEHOLDER}` }),
  answers: z.array(mention.extend({ text: z.string() })).optional(),
});

/** A row of ReCoRD: a passage with its entities, and queries about it. */
export const recordSchema = z
  .object({
    idx: rowId,
    passage: z.object({ text: z.string(), entities: z.array(mention).min(1) }),
    qas: z.array(query).min(1),
  })
  .superRefine(({ passage: { text, entities } }, context) => {
    const length = codePointLength(text);
    for (const [index, { start, end }] of entities.entries()) {
      if (start <= end && end < length) continue;
      const message = `an inclusive end from ${start} to ${length - 1}, the passage's last character`;
      context.addIssue({ code: 'custom', path: ['passage', 'entities', index, 'end'], message });
    }
  });
/** A row of ReCoRD. */
export type RecordRow = z.infer<typeof recordSchema>;

/** Ids that no two rows of a file may share: of passages, and of queries, by which official answers are told apart. */
export function recordIds({ idx, qas }: RecordRow): RowId[] {
  return [['idx', idx], ...qas.map((own): RowId => ['qas.idx', own.idx])];
}

/** One query of a passage. */
export interface RecordQuery {
  readonly id: string;
  readonly passage: string;
  /** The query around its placeholder. */
  readonly before: string;
  readonly after: string;
  /** Strings of all mentions in passage order, with repeats. */
  readonly mentions: readonly string[];
  /** Distinct strings in passage order. */
  readonly candidates: readonly string[];
  /** Distinct right answers; absent in test files. */
  readonly answers?: readonly string[];
}

/** A row's queries; the passage's `@highlight` lines become list items, as in PET. */
export function recordQueries({ passage, qas }: RecordRow): RecordQuery[] {
  const mentions = passage.entities.map(({ start, end }) => codePointSlice(passage.text, start, end + 1));
  return qas.map(({ idx, query: text, answers }) => {
    const at = text.indexOf(PLACEHOLDER);
    return {
      id: String(idx),
      passage: passage.text.replaceAll('@highlight\n', '- '),
      before: text.slice(0, at),
      after: text.slice(at + PLACEHOLDER.length),
      mentions,
      candidates: [...new Set(mentions)],
      ...(answers === undefined ? {} : { answers: [...new Set(answers.map((answer) => answer.text))] }),
    };
  });
}

/** The string mentioned most often, the first one on ties. */
export function mostMentioned(mentions: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const mention of mentions) counts.set(mention, (counts.get(mention) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

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
