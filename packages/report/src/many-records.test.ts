import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordFileName, recordText } from '@attune/records';
import { describe, expect, it, vi } from 'vitest';
import { recordFixture } from '../test/record-fixture.ts';
import { type ExperimentResults, readRecords } from './read-records.ts';
import { terminalTable } from './terminal-table.ts';
import { renderReport } from './write-report.ts';

vi.mock('node:fs/promises', { spy: true });

interface Size {
  readonly arms: number;
  readonly tasks: number;
  readonly seeds: number;
}

const made = ({ arms, tasks, seeds }: Size) =>
  recordFixture({
    arms: Array.from({ length: arms }, (_, arm) => ({
      ...{ method: `method-${arm}`, trainableParameters: 1000 + arm, strength: arm / (3 * arms) },
    })),
    tasks: Array.from({ length: tasks }, (_, task) => `task-${task}`),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
  });

/** The same results, and how often a field of a record or of a trial in the list was read. */
function counted({ experiment, records, notRun }: ExperimentResults) {
  let reads = 0;
  const counting = <Value extends object>(value: Value) =>
    new Proxy(value, {
      get(target, name) {
        reads += 1;
        return Reflect.get(target, name);
      },
    });
  const trials = experiment.trials.map(counting);
  const results = { experiment: { ...experiment, trials }, records: records.map(counting), notRun };
  return { results, reads: () => reads };
}

describe('a report of many records', () => {
  it.each<[string, Size, Size]>([
    ['seeds', { arms: 2, tasks: 2, seeds: 50 }, { arms: 2, tasks: 2, seeds: 200 }],
    ['methods', { arms: 20, tasks: 1, seeds: 2 }, { arms: 80, tasks: 1, seeds: 2 }],
    ['tasks', { arms: 1, tasks: 20, seeds: 2 }, { arms: 1, tasks: 80, seeds: 2 }],
  ])(
    'reads four times as much of four times as many %s',
    async (_what, few, many) => {
      const readsOf = async (size: Size) => {
        const { results, reads } = counted(made(size));
        await renderReport(results);
        terminalTable(results);
        return reads();
      };
      expect((await readsOf(many)) / (await readsOf(few))).toBeLessThan(4.2);
    },
    120_000,
  );

  it('reads every file once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attune-many-'));
    try {
      const { experiment, records } = made({ arms: 2, tasks: 2, seeds: 5 });
      mkdirSync(join(folder, 'records'));
      writeFileSync(join(folder, 'experiment.json'), recordText(experiment));
      for (const { arm, ...record } of records) {
        writeFileSync(join(folder, 'records', recordFileName(record)), recordText(record));
      }
      vi.mocked(promises.open).mockClear();
      expect((await readRecords(folder)).records).toHaveLength(20);
      expect(vi.mocked(promises.open).mock.calls).toHaveLength(21);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has no figures of more methods than can be told apart, and says so', async () => {
    const files = await renderReport(made({ arms: 101, tasks: 1, seeds: 1 }));
    expect([...files.keys()]).toEqual(['results.csv', 'report.md', 'report.html']);
    expect(files.get('report.md')).toContain(
      'There are no figures: they show at most 100 of each, and this is 101 methods and 1 task.',
    );
  });

  it('draws as many as it says', async () => {
    expect([...(await renderReport(made({ arms: 100, tasks: 1, seeds: 1 }))).keys()]).toContain(
      'figures/scores-by-task.svg',
    );
    expect([...(await renderReport(made({ arms: 2, tasks: 100, seeds: 1 }))).keys()]).toContain(
      'figures/learning-curves.svg',
    );
  }, 60_000);
});
