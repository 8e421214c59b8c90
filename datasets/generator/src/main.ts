import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from './generate.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'datasets/world' } } });
for (const [path, text] of generate()) {
  await mkdir(dirname(join(values.out, path)), { recursive: true });
  await writeFile(join(values.out, path), text);
}
