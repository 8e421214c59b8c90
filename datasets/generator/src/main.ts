import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeAtomically } from '@attune/base/node';
import { generate } from './generate.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'datasets/world' } } });
for (const [path, text] of generate()) await writeAtomically(join(values.out, path), text);
