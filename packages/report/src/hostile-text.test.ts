import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { recordFixture, unscored } from '../test/record-fixture.ts';
import type { ExperimentResults } from './read-records.ts';
import { terminalTable } from './terminal-table.ts';
import { renderReport } from './write-report.ts';

/** Everything at once: a formula, an escape sequence, markup of each kind, what ends a block, what reorders text. */
const hostile = '=1+1|cmd\u001b[2J\u009b31m<img src=x onerror=alert(1)>\n```\n# [a](javascript:b) *c* $& \u202etxt';
const plain = 'plain';

/** Results with a text wherever a record and an experiment may have any. */
function resultsWith(text: string): ExperimentResults {
  const results = recordFixture({
    arms: [
      { method: 'full', label: `1${text}`, trainableParameters: 100, strength: 0.3 },
      { method: text, label: `2${text}`, trainableParameters: 0, strength: 0 },
    ],
    tasks: [text, 'cb'],
    seeds: [1, 2],
    change: (record) => {
      const { config, run } = record;
      const changed = {
        ...record,
        config: {
          ...config,
          model: { ...config.model, name: text, hub: { repo: text, commit: text } },
          data: { ...config.data, regime: text, trainSplit: text, selectionSplit: text, reportedSplit: text },
          engine: { name: text, device: text },
          libraries: { [text]: text },
        },
        run: { ...run, environment: { commit: text, dirty: true, node: text, platform: text } },
      };
      const fails = config.task.name === text && config.seed === 2;
      return fails ? unscored(changed, 'failed', text) : changed;
    },
  });
  const experiment = { ...results.experiment, name: text, title: text, question: text, command: `run ${text}` };
  return { ...results, experiment };
}

let files: ReadonlyMap<string, string>;
let harmless: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await renderReport(resultsWith(hostile));
  harmless = await renderReport(resultsWith(plain));
});

describe('a report of hostile names', () => {
  it('has no character that acts in any file or in the terminal', () => {
    const table = terminalTable(resultsWith(hostile));
    const texts = [...files, ['terminal', table] as const];
    expect(texts.length).toBeGreaterThan(6);
    for (const [name, text] of texts) {
      const acting = text.match(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      expect(acting, name).toBeNull();
      expect(text, name).toContain('\\u001b');
    }
    expect(table.split('\n')).toHaveLength(terminalTable(resultsWith(plain)).split('\n').length);
  });

  it('begins no cell of the CSV with a formula', () => {
    const { data } = Papa.parse<string[]>(files.get('results.csv')!.trimEnd());
    const rows = Papa.parse<string[]>(harmless.get('results.csv')!.trimEnd()).data;
    expect(data.map((row) => row.length)).toEqual(rows.map((row) => row.length));
    expect(data.flat().filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
    expect(data.flat().filter((cell) => cell.startsWith("'=1+1|cmd"))).not.toEqual([]);
  });

  it('has the same structure in Markdown as one of harmless names', () => {
    const block = /^(`{3,})sh\n.*?\n\1$/gms;
    const skeleton = (page: string) =>
      page
        .replaceAll(block, 'the command')
        .split('\n')
        .map((line) => line.match(/(?<!\\)(\||^#+ |^ *- |[<`[])/g));
    expect(skeleton(files.get('report.md')!)).toEqual(skeleton(harmless.get('report.md')!));
    expect(files.get('report.md')).toMatch(/^````sh\nrun =1\+1\|cmd\\u001b.*\n```\n#.*\n````$/m);
  });

  it('has the same elements in HTML and in figures as one of harmless names', () => {
    const elements = (text: string) => text.match(/<[^>]*>/g)!.map((tag) => /^<\/?[\w!-]+/.exec(tag)![0]);
    const withoutFigures = (text: string) => elements(text.replaceAll(/<svg.*?<\/svg>/gs, ''));
    expect(withoutFigures(files.get('report.html')!)).toEqual(withoutFigures(harmless.get('report.html')!));
    // Longer names have other scales, with more or fewer lines.
    const kinds = (name: string, made: typeof files) => new Set(elements(made.get(name)!));
    for (const name of [...files.keys()].filter((name) => name.endsWith('.svg'))) {
      expect(kinds(name, files), name).toEqual(kinds(name, harmless));
    }
    const spec = files.get('figures/scores-by-task.vl.json')!;
    expect(JSON.stringify(JSON.parse(spec))).toContain(JSON.stringify(`1${hostile}`).slice(1, 20));
  });
});
