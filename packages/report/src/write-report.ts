import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeLiteral, ExplainedError } from '@attune/base';
import { readText, unwritable, writeAtomically } from '@attune/base/node';
import { buildScoreGrid } from './analysis/score-grid.ts';
import { buildFigures, renderSvg } from './figures/render-svg.ts';
import { buildPage } from './page/build-page.ts';
import { renderHtml } from './page/html.ts';
import { renderMarkdown } from './page/markdown.ts';
import { type ExperimentResults, readRecords } from './read-records.ts';
import { resultsCsv } from './results-csv.ts';

/** What a report is made with; all may be left out. */
export interface ReportOptions {
  /** What the directory holds, when it has been read already. */
  readonly results?: ExperimentResults;
  /** Shown in the reproduce section instead of the experiment's own command. */
  readonly command?: string;
}

/** A report's files by path relative to its directory; the same results give the same bytes. */
export async function renderReport(
  results: ExperimentResults,
  { command = results.experiment.command }: Pick<ReportOptions, 'command'> = {},
): Promise<ReadonlyMap<string, string>> {
  const grid = buildScoreGrid(results);
  const figures = [];
  for (const figure of buildFigures(grid)) figures.push({ ...figure, svg: await renderSvg(figure) });
  const page = buildPage({ results, grid, figures, command });
  return new Map([
    ...figures.flatMap(({ name, spec, svg }): [string, string][] => [
      [`figures/${name}.vl.json`, `${codeLiteral(spec, 2)}\n`],
      [`figures/${name}.svg`, svg],
    ]),
    ['results.csv', resultsCsv(results)],
    ['report.md', renderMarkdown(page)],
    ['report.html', renderHtml(page)],
  ]);
}

/**
 * Writes report.md, report.html, results.csv and figures/ from the records in a directory, each file atomically, and
 * removes figures of an earlier report that the records no longer give. A file that would not change is left alone.
 *
 * @returns paths of the report's files
 * @throws RecordError when a record or experiment.json cannot be used; nothing is written then
 * @throws ReportError when a file cannot be written; the files before it are whole, the others as they were
 */
export async function writeReport(directory: string, options: ReportOptions = {}): Promise<readonly string[]> {
  const files = await renderReport(options.results ?? (await readRecords(directory)), options);
  for (const [name, content] of files) await writeWhole(path.join(directory, name), content);
  for (const name of await readFigures(directory)) {
    const isFigure = name.endsWith('.svg') || name.endsWith('.vl.json');
    if (isFigure && !files.has(`figures/${name}`)) await rm(path.join(directory, 'figures', name));
  }
  return [...files.keys()].map((name) => path.join(directory, name));
}

/** Names in figures/; none where no record gave one. */
async function readFigures(directory: string): Promise<readonly string[]> {
  return readdir(path.join(directory, 'figures')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** A file of a report that cannot be written; the message says which, why and what to do. */
export class ReportError extends ExplainedError {
  override name = 'ReportError';
}

async function writeWhole(file: string, content: string): Promise<void> {
  try {
    if ((await readText(file).catch(() => undefined)) === content) return;
    await writeAtomically(file, content);
  } catch (error) {
    const { reason } = unwritable((error as Error).cause);
    throw new ReportError(
      `${file}: cannot be written: ${reason}; the records are untouched; make room or make the folder writable, ` +
        'then "attune report" with this folder writes the pages',
      { cause: error },
    );
  }
}
