import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { recordFixture } from '../test/record-fixture.ts';
import { terminalTable } from './terminal-table.ts';
import { renderReport } from './write-report.ts';

const GOLDEN = path.join(import.meta.dirname, '../test/golden');

/** Two methods, two tasks, two seeds; the pages they give are committed and compared byte for byte. */
const results = recordFixture({
  arms: [
    { method: 'full-fine-tuning', trainableParameters: 1_000_000, strength: 0.3 },
    {
      ...{ method: 'lora', label: 'lora-r8', trainableParameters: 16_640, strength: 0.2 },
      notes: ['pooler: not in the checkpoint (pooler.weight), drawn from the trial’s seed and left as it was drawn'],
    },
  ],
  tasks: ['boolq', 'cb'],
  seeds: [1, 2],
});

test('fixed records give the committed files', async () => {
  const files = new Map([...(await renderReport(results)), ['terminal.txt', terminalTable(results)]]);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(path.join(GOLDEN, 'figures'), { recursive: true });
    for (const [name, content] of files) await writeFile(path.join(GOLDEN, name), content);
  }
  const committed = (await readdir(GOLDEN, { recursive: true })).filter((name) => path.extname(name) !== '');
  expect(committed.sort()).toEqual([...files.keys()].sort());
  for (const [name, content] of files) {
    expect(content, `${name}; UPDATE_GOLDEN=1 rewrites it`).toBe(await readFile(path.join(GOLDEN, name), 'utf8'));
  }
});

test('rendering again, after another experiment, gives the same bytes', async () => {
  const first = await renderReport(results);
  await renderReport(
    recordFixture({ arms: [{ method: 'other', trainableParameters: 5, strength: 0 }], tasks: ['wic'], seeds: [3] }),
  );
  expect(await renderReport(results)).toEqual(first);
});

test('the page asks for nothing outside itself', async () => {
  const html = (await renderReport(results)).get('report.html')!;
  const links = [...html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map((match) => match[1]!);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !link.startsWith('#'))).toEqual([]);
  expect(html).not.toMatch(/<script|<link|@import/);
});
