import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recordFileName, recordText } from '@attune/records';
import { writeReport } from '@attune/report';
import { recordFixture } from '../packages/report/test/record-fixture.ts';

/**
 * Measures a report of many made-up records, in a process of its own: time, processor time and peak memory.
 *
 *     node --conditions=attune-source --import tsx scripts/many-records.ts [--records 10000] [--arms 10] [--tasks 10]
 *
 * Records are shared among arms and tasks; the rest are seeds.
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000' },
    arms: { type: 'string', default: '10' },
    tasks: { type: 'string', default: '10' },
    /** A folder to report on, for the process that is measured. */
    folder: { type: 'string' },
  },
});

if (values.folder === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'attune-many-'));
  try {
    writeRecords(folder);
    const args = ['--conditions=attune-source', '--import', 'tsx', fileURLToPath(import.meta.url), '--folder', folder];
    process.stdout.write(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  const started = performance.now();
  await writeReport(values.folder);
  const { user, system } = process.cpuUsage();
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const peak = `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`;
  console.log(`${seconds(performance.now() - started)}, ${seconds((user + system) / 1000)} of a processor, ${peak}`);
}

function writeRecords(folder: string): void {
  const [arms, tasks] = [Number(values.arms), Number(values.tasks)];
  const seeds = Math.ceil(Number(values.records) / arms / tasks);
  const { experiment, records } = recordFixture({
    arms: Array.from({ length: arms }, (_, arm) => ({
      ...{ method: `method-${arm}`, trainableParameters: 1000 * arm, strength: arm / (3 * arms) },
    })),
    tasks: Array.from({ length: tasks }, (_, task) => `task-${task}`),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
  });
  mkdirSync(join(folder, 'records'));
  writeFileSync(join(folder, 'experiment.json'), recordText(experiment));
  for (const { arm, ...record } of records) {
    writeFileSync(join(folder, 'records', recordFileName(record)), recordText(record));
  }
  console.log(`${records.length} records: ${arms} arms, ${tasks} tasks, ${seeds} seeds`);
}
