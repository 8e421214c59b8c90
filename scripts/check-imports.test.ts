import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('check-imports.mjs', import.meta.url));

const table = {
  packages: { base: [], models: ['base'], 'methods/*': ['base', 'models'], app: ['*'] },
  freeOfNode: ['base', 'methods/*'],
  libraries: { 'heavy-*': ['app'] },
  opensFiles: ['packages/base/src/node/index.ts'],
};

/** Every package of the table, each importing what it may. */
const lawful: Readonly<Record<string, string>> = {
  'packages/base/src/index.ts': "import { local } from './local.ts';\nexport type { T } from './types.ts';\n",
  'packages/base/src/node/index.ts':
    "import { readFile } from 'node:fs/promises';\nimport { local } from '../local.ts';\n",
  'packages/base/src/index.test.ts': "import { readFileSync } from 'node:fs';\nimport { app } from '@attune/app';\n",
  'packages/models/src/index.ts':
    "import { type ReadStream, statSync } from 'node:fs';\nimport { base } from '@attune/base/node';\n",
  'packages/methods/lora/src/index.ts':
    "import {\n  base,\n} from '@attune/base';\nconst text = `\nimport { app } from '@attune/app';\n`;\n",
  'packages/app/src/index.ts': "import heavy from 'heavy-runtime';\nimport { lora } from '@attune/lora';\n",
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'attune-imports-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The script over a tree of packages, as a process. */
function check(files: Readonly<Record<string, string>>, given: object = table) {
  const names = ['base', 'models', 'methods/lora', 'app'];
  mkdirSync(join(root, 'packages', 'tasks'), { recursive: true });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of names)
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@attune/${name.split('/').at(-1)}` }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  write('imports.json', JSON.stringify(given));
  mkdirSync(join(root, 'scripts'));
  copyFileSync(script, join(root, 'scripts', 'check-imports.mjs'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-imports.mjs'], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, problems: stderr.split('\n').filter((line) => line !== '') };
}

describe('check-imports', () => {
  it('passes a tree that keeps to the table; tests and texts in the code import nothing', () => {
    expect(check(lawful)).toEqual({ status: 0, stdout: 'imports: 4 packages, 0 problems\n', problems: [] });
  });

  it.each<[string, string, string, string]>([
    [
      'a package that its line does not name',
      'packages/models/src/a.ts',
      "import { lora } from '@attune/lora';",
      'imports "@attune/lora": models may import base (imports.json)',
    ],
    [
      'any, where the line names none',
      'packages/base/src/a.ts',
      "export * from '@attune/models';",
      'imports "@attune/models": base may import no other package (imports.json)',
    ],
    [
      'one that is imported when it is needed',
      'packages/methods/lora/src/a.ts',
      "const later = () => import('@attune/app');",
      'imports "@attune/app": methods/lora may import base, models (imports.json)',
    ],
    [
      'a package that is not there',
      'packages/app/src/a.ts',
      "import '@attune/lost';",
      'imports "@attune/lost": there is no such package',
    ],
    [
      "a module of Node's, where the package is free of them",
      'packages/base/src/a.ts',
      "import { join } from 'node:path';",
      'imports "node:path": only files under node/ need Node; move it there',
    ],
    [
      "its own node folder's file",
      'packages/base/src/a.ts',
      "export { read } from './node/index.ts';",
      'imports "./node/index.ts": only files under node/ need Node; move it there',
    ],
    [
      "another package's node entry",
      'packages/methods/lora/src/a.ts',
      "import { base } from '@attune/base/node';",
      'imports "@attune/base/node": only files under node/ need Node; move it there',
    ],
    [
      'a library that others own',
      'packages/models/src/a.ts',
      "import type { T } from 'heavy-runtime';",
      'imports "heavy-runtime": only app may (imports.json)',
    ],
    [
      'a file that opens files by itself',
      'packages/models/src/a.ts',
      "import { rm, writeFile } from 'node:fs/promises';",
      'imports writeFile of node:fs: @attune/base/node opens files (imports.json)',
    ],
    [
      'one that imports all that could',
      'packages/models/src/a.ts',
      "import * as fs from 'node:fs';",
      'imports * as fs of node:fs: @attune/base/node opens files (imports.json)',
    ],
  ])('tells %s', (_, file, text, problem) => {
    expect(check({ ...lawful, [file]: `${text}\n` })).toEqual({
      status: 1,
      stdout: 'imports: 4 packages, 1 problems\n',
      problems: [`${file}: ${problem}`],
    });
  });

  it('tells a package without a line', () => {
    const { app, ...packages } = table.packages;
    const files = { ...lawful, 'packages/app/src/index.ts': 'export {};\n' };
    expect(check(files, { ...table, packages })).toMatchObject({
      status: 1,
      problems: ['packages/app: imports.json has no line for it'],
    });
  });
});
