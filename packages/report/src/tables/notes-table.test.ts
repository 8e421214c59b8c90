import { expect, test } from 'vitest';
import { recordFixture } from '../../test/record-fixture.ts';
import { buildScoreGrid } from '../analysis/score-grid.ts';
import { terminalNotes } from '../terminal-table.ts';
import { renderReport } from '../write-report.ts';
import { notesTable } from './notes-table.ts';

const arms = [
  { method: 'full', trainableParameters: 100, strength: 0.1, notes: ['weights: stored as F16, computed in F32'] },
  {
    ...{ method: 'lora', trainableParameters: 10, strength: 0.1 },
    notes: ['weights: stored as F16, computed in F32', 'pooler: not in the checkpoint <b>, drawn | frozen'],
  },
  { method: 'zero-shot', trainableParameters: 0, strength: 0 },
];
const results = recordFixture({
  ...{ arms, tasks: ['boolq', 'cb'], seeds: [2, 1] },
  change: (record) => {
    const { task, method, seed } = record.config;
    const isUntrained = task.name === 'cb' && method.name === 'lora' && seed === 2;
    return isUntrained ? { ...record, selection: { bestStep: 0, bestScore: 0.5 } } : record;
  },
});

test('a note stands once, with the trials that it holds for', () => {
  const rows = notesTable(buildScoreGrid(results))!.rows.map(({ cells }) => cells.map(({ text }) => text));
  expect(rows).toEqual([
    ['weights: stored as F16, computed in F32', 'full, lora', 'boolq, cb', '1, 2'],
    ['pooler: not in the checkpoint <b>, drawn | frozen', 'lora', 'boolq, cb', '1, 2'],
    ['kept as it was before training: no evaluated step was better on the selection split', 'lora', 'cb', '2'],
  ]);
});

test('the pages have the notes, safe in each medium, and the terminal says how many there are', async () => {
  const files = await renderReport(results);
  expect(files.get('report.md')).toContain('\n## What to know\n');
  expect(files.get('report.md')).toContain('\n| pooler: not in the checkpoint \\<b\\>, drawn \\| frozen | lora | ');
  expect(files.get('report.html')).toContain('<a href="#notes">What to know</a>');
  expect(files.get('report.html')).toContain('pooler: not in the checkpoint &lt;b&gt;, drawn | frozen</th>');
  expect(terminalNotes(results)).toBe('3 notes on models and settings: see "What to know" in the report.');
});

test('there is no section where there is nothing to know', async () => {
  const plain = recordFixture({ arms: arms.slice(2), tasks: ['cb'], seeds: [1] });
  expect((await renderReport(plain)).get('report.md')).not.toContain('What to know');
  expect(terminalNotes(plain)).toBeUndefined();
});
