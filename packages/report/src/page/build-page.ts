import { findings } from '../analysis/findings.ts';
import { type ScoreGrid, seedsOf } from '../analysis/score-grid.ts';
import { plural } from '../format.ts';
import type { ExperimentResults } from '../read-records.ts';
import { comparisonTable } from '../tables/comparison-table.ts';
import { costTable } from '../tables/cost-table.ts';
import { metricTables } from '../tables/metric-tables.ts';
import { scoreTable } from '../tables/score-table.ts';
import { statusTable } from '../tables/status-table.ts';
import type { Block, Page, RenderedFigure, Section } from './page.ts';
import { reproduceFacts } from './reproduce.ts';

/** Everything a page needs, computed once. */
export interface PageInput {
  readonly results: ExperimentResults;
  readonly grid: ScoreGrid;
  readonly figures: readonly RenderedFigure[];
  readonly command: string;
}

/** Puts tables, figures and words in the order a reader asks for them: what, how sure, at what cost, how made. */
export function buildPage(input: PageInput): Page {
  const { results, grid } = input;
  const hasTrials = grid.arms.length > 0;
  return {
    title: results.experiment.title,
    question: results.experiment.question,
    summary: findings(results, grid),
    sections: [
      ...(hasTrials ? [scoreSection(input), ...differenceSection(grid), costSection(input), detailSection(input)] : []),
      statusSection(input),
      reproduceSection(input),
    ].filter((section) => section.blocks.length > 0),
  };
}

function scoreSection({ results, grid, figures }: PageInput): Section {
  const table = scoreTable(grid, seedsOf(results.records).length);
  return {
    id: 'scores',
    title: 'Scores',
    blocks: [{ kind: 'table', table }, ...figureBlocks(figures, 'scores-by-task')],
  };
}

function differenceSection(grid: ScoreGrid): readonly Section[] {
  const table = comparisonTable(grid);
  return table === undefined
    ? []
    : [{ id: 'differences', title: 'How sure is the order?', blocks: [{ kind: 'table', table }] }];
}

function costSection({ grid, figures }: PageInput): Section {
  const blocks: Block[] = [...figureBlocks(figures, 'score-by-parameters'), { kind: 'table', table: costTable(grid) }];
  return { id: 'costs', title: 'At what cost', blocks };
}

function detailSection({ results, grid, figures }: PageInput): Section {
  const tables = metricTables(grid, seedsOf(results.records).length);
  const blocks = tables.map((table): Block => ({ kind: 'folded-table', table }));
  return { id: 'details', title: 'In detail', blocks: [...figureBlocks(figures, 'learning-curves'), ...blocks] };
}

function figureBlocks(figures: readonly RenderedFigure[], name: string): readonly Block[] {
  return figures.filter((figure) => figure.name === name).map((figure) => ({ kind: 'figure', figure }));
}

function statusSection({ results, grid }: PageInput): Section {
  const table = statusTable(grid);
  const { notRun } = results;
  const waiting = `${plural(notRun, 'trial')} of this experiment ${notRun === 1 ? 'has' : 'have'} not run yet; running the command below again does only what is missing.`;
  const done = `All ${plural(results.records.length, 'trial')} completed.`;
  return {
    id: 'status',
    title: 'What is missing',
    blocks: [
      ...(notRun > 0 ? [{ kind: 'text' as const, text: waiting }] : []),
      ...(table === undefined ? [] : [{ kind: 'table' as const, table }]),
      ...(notRun === 0 && table === undefined && results.records.length > 0
        ? [{ kind: 'text' as const, text: done }]
        : []),
    ],
  };
}

function reproduceSection({ results, command }: PageInput): Section {
  return {
    id: 'reproduce',
    title: 'Reproduce',
    blocks: [
      { kind: 'command', command },
      { kind: 'facts', facts: reproduceFacts(results) },
      {
        kind: 'text',
        text: 'Scores, losses and parameters follow from these; times and peak memory are measured and vary. The scores and costs of every trial are in results.csv, its settings, learning curve and predictions in records/.',
      },
    ],
  };
}
