import { DatasetError } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { axb, axg } from './diagnostics.ts';

const rteRow = axb.exampleRow;

const bytesOf = (...rows: readonly unknown[]) =>
  new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const entailed = { idx: 0, sentence1: 'Nils managed to sail.', sentence2: 'Nils sailed.', label: 'entailment' };
const answer = (id: number, entails: boolean) => ({
  id: String(id),
  predicted: entails ? 'entailment' : 'not_entailment',
});

describe('AX-b', () => {
  it('reads its own rows, with or without tags, and those of RTE', () => {
    const tagged = { ...entailed, idx: 1, 'lexical-semantics': 'Factivity', logic: '' };
    expect(axb.parseRows(bytesOf(entailed, tagged, rteRow), 'AX-b.jsonl')).toEqual([
      { idx: 0, premise: 'Nils managed to sail.', hypothesis: 'Nils sailed.', label: 'entailment' },
      { idx: 1, premise: 'Nils managed to sail.', hypothesis: 'Nils sailed.', label: 'entailment' },
      rteRow,
    ]);
  });

  it('refuses a row without its second sentence', () => {
    const bytes = bytesOf({ ...entailed, sentence2: undefined });
    expect(() => axb.parseRows(bytes, 'AX-b.jsonl')).toThrow(
      'AX-b.jsonl:1: premise: expected a string, got nothing; ' + 'hypothesis: expected a string, got nothing',
    );
  });

  it('is measured by Matthews correlation', () => {
    const labels = ['entailment', 'entailment', 'not_entailment', 'not_entailment'] as const;
    const rows = labels.map((label, idx) => ({ idx, premise: 'a', hypothesis: 'b', label }));
    const predictions = [true, false, false, false].map((entails, idx) => answer(idx, entails));
    expect(axb.score(rows, predictions).matthewsCorrelation).toBeCloseTo(2 / Math.sqrt(12), 12);
    expect(axb.majority(rows, rows)).toEqual({ matthewsCorrelation: 0 });
    expect(axb.chance(rows)).toEqual({ matthewsCorrelation: 0 });
  });
});

describe('AX-g', () => {
  const rows = ['he', 'she'].flatMap((pronoun, block) =>
    ['cook', 'guest'].map((who, index) => ({
      idx: 2 * block + index,
      premise: `The cook told the guest that ${pronoun} had burnt the soup.`,
      hypothesis: `The ${who} burnt the soup.`,
      label: index === 0 ? ('entailment' as const) : ('not_entailment' as const),
    })),
  );

  it('is measured by parity of its pairs and by accuracy', () => {
    const predict = (...entails: boolean[]) => entails.map((own, idx) => answer(idx, own));
    expect(axg.score(rows, predict(true, false, true, false))).toEqual({ genderParity: 1, accuracy: 1 });
    expect(axg.score(rows, predict(true, false, false, false))).toEqual({ genderParity: 0.5, accuracy: 0.75 });
    expect(axg.majority(rows, rows)).toEqual({ genderParity: 1, accuracy: 0.5 });
    expect(axg.chance(rows)).toEqual({ genderParity: 0.5, accuracy: 0.5 });
  });

  it("has no parity on RTE's rows, where nothing is paired", () => {
    expect(axg.score([rteRow], [answer(rteRow.idx, false)])).toEqual({ genderParity: Number.NaN, accuracy: 0 });
    expect(axg.parseRows(bytesOf(rteRow), 'RTE/dev.jsonl')).toEqual([rteRow]);
  });

  it('refuses rows of its own that make no pair', () => {
    const own = rows.map((row) => ({ ...row, pair_id: row.idx }));
    expect(axg.parseRows(bytesOf(...own), 'AX-g.jsonl')).toEqual(own);
    const problem = 'expected one other row that differs in the gender of its pronouns alone, found none';
    expect(() => axg.parseRows(bytesOf(...own.slice(0, 3)), 'AX-g.jsonl')).toThrow(
      new DatasetError(`AX-g.jsonl:2: ${problem}`),
    );
    // Three of a kind are no pair either.
    const third = { ...own[0]!, idx: 9 };
    expect(() => axg.parseRows(bytesOf(...own, third), 'AX-g.jsonl')).toThrow(`AX-g.jsonl:5: ${problem}`);
  });
});
