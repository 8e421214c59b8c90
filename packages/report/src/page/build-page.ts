import { plural } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import { findings } from '../analysis/findings.ts';
import { type ScoreGrid, seedsOf } from '../analysis/score-grid.ts';
import { isDrawable, mostDrawn } from '../figures/render-svg.ts';
import type { ExperimentResults } from '../read-records.ts';
import { comparisonTable, costTable } from '../tables/comparison-table.ts';
import { metricTables } from '../tables/metric-tables.ts';
import { notesTable, notesTitle } from '../tables/notes-table.ts';
import { scoreTable } from '../tables/score-table.ts';
import { statusTable } from '../tables/table.ts';
import type { Block, Fact, Page, RenderedFigure, Section } from './page.ts';

/** Everything a page needs, computed once. */
interface PageInput {
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
      ...notesSection(input),
      reproduceSection(input),
    ].filter((section) => section.blocks.length > 0),
  };
}

function scoreSection({ results, grid, figures }: PageInput): Section {
  const table = scoreTable(grid, seedsOf(results.records).length);
  return {
    id: 'scores',
    title: 'Scores',
    blocks: [{ kind: 'table', table }, ...undrawn(grid), ...figureBlocks(figures, 'scores-by-task')],
  };
}

function undrawn(grid: ScoreGrid): readonly Block[] {
  if (isDrawable(grid)) return [];
  const size = `${plural(grid.arms.length, 'method')} and ${plural(grid.tasks.length, 'task')}`;
  return [{ kind: 'text', text: `There are no figures: they show at most ${mostDrawn} of each, and this is ${size}.` }];
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

function notesSection({ grid }: PageInput): readonly Section[] {
  const table = notesTable(grid);
  return table === undefined ? [] : [{ id: 'notes', title: notesTitle, blocks: [{ kind: 'table', table }] }];
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

/** What a run depends on, each distinct value once; trials made under different conditions show as several lines. */
function reproduceFacts({ experiment, records }: ExperimentResults): readonly Fact[] {
  const all = (value: (record: TrialRecord) => string) => [...new Set(records.map(value))];
  const facts: readonly Fact[] = [
    { term: 'Experiment', values: [experiment.name] },
    { term: 'Seeds', values: records.length > 0 ? [seedsOf(records).join(', ')] : [] },
    {
      term: 'Code',
      values: all(
        ({
          run: {
            environment: { commit, dirty },
          },
        }) => `commit ${commit}${dirty ? ', with uncommitted changes' : ''}`,
      ),
    },
    {
      term: 'Checkpoint',
      values: all(({ config: { model } }) => checkpointText(model)),
    },
    {
      term: 'Data',
      values: all(
        ({ config: { task, data } }) =>
          `${task.name} version ${task.version}, ${data.regime} (train on ${data.trainSplit}, select on ${data.selectionSplit}, report ${data.reportedSplit}): sha256 ${data.hash}`,
      ),
    },
    { term: 'Sources', values: all(({ code }) => `sha256 ${code}`) },
    { term: 'Engine', values: all(({ config: { engine } }) => `${engine.name} on ${engine.device}`) },
    { term: 'Node', values: all(({ run: { environment } }) => `${environment.node} on ${environment.platform}`) },
    { term: 'Versions', values: all(({ config }) => versionList(config.libraries)) },
  ];
  return facts.filter(({ values }) => values.some((value) => value !== ''));
}

function checkpointText({ name, hub, checkpointHash, initialization }: TrialRecord['config']['model']): string {
  const source = hub === undefined ? '' : `${hub.repo} at commit ${hub.commit}, `;
  const kind = initialization === 'random' ? ' (architecture and tokenizer; weights drawn from the seed)' : '';
  return `${name}: ${source}sha256 ${checkpointHash}${kind}`;
}

function versionList(versions: Readonly<Record<string, string>>): string {
  return Object.keys(versions)
    .sort()
    .map((name) => `${name} ${versions[name]}`)
    .join(', ');
}
