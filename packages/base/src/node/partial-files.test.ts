import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findPartialFiles, removeStillPartial } from './partial-files.ts';

it('removes what a killed writer left, and nothing that is written on or is no such file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attune-partial-'));
  try {
    const [left, busy, mine] = ['a.json.0123456789ab.partial', 'b.json.0123456789ac.partial', 'notes.partial'];
    for (const name of [left!, busy!, mine!]) writeFileSync(join(folder, name), 'half');
    const found = await findPartialFiles([folder, join(folder, 'no-such-folder')]);
    expect([...found.keys()].sort()).toEqual([join(folder, left!), join(folder, busy!)]);
    writeFileSync(join(folder, busy!), 'half and more');
    writeFileSync(join(folder, 'c.json.0123456789ad.partial'), 'new');
    await removeStillPartial(found);
    expect(readdirSync(folder).sort()).toEqual([busy, 'c.json.0123456789ad.partial', mine]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
