/**
 * Checks what READMEs promise: that a path in the first column of a table is there, and that examples in TypeScript pass
 * the type checker.
 *
 * Usage: node scripts/check-readmes.mjs
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const rooms = ['packages', 'packages/methods', 'packages/tasks', 'datasets'];
const readmes = rooms
  .flatMap((room) => readdirSync(room).map((name) => join(room, name)))
  .flatMap((folder) => (entries(folder).includes('README.md') ? [join(folder, 'README.md')] : []));
// Inside the repository, so that the names of packages resolve.
const examples = 'node_modules/.readme-examples';

const missing = readmes.flatMap((file) =>
  pathsOf(file)
    .filter((path) => !isThere(file, path))
    .map((path) => [file, path]),
);
for (const [file, path] of missing) console.error(`${file}: its table names ${path}, which is not there`);
const count = writeExamples();
const { status, stdout } = spawnSync('npx', ['tsc', '-p', examples], { encoding: 'utf8' });
if (status !== 0) console.error(stdout);
rmSync(examples, { recursive: true });
console.log(`${readmes.length} READMEs: ${missing.length} missing paths, ${count} examples type-checked`);
process.exitCode = missing.length === 0 && status === 0 ? 0 : 1;

/** Paths of files and folders that stand between backticks in the first cell of a row. */
function pathsOf(file) {
  const cells = readFileSync(file, 'utf8').matchAll(/^\|([^|]*)\|/gm);
  const names = [...cells].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  return names.filter((name) => /^[\w./-]+(\/|\.[a-z]+)$/.test(name));
}

function isThere(file, path) {
  const folder = dirname(file);
  return [folder, join(folder, 'src')].some((from) => entries(join(from, dirname(path))).includes(basename(path)));
}

function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** One module for each example, with what it has in common with the sources' configuration. */
function writeExamples() {
  mkdirSync(examples, { recursive: true });
  const compilerOptions = { noEmit: true, noUnusedLocals: false };
  writeFileSync(
    join(examples, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, include: ['*.ts'], exclude: [] }),
  );
  writeFileSync(join(examples, 'package.json'), '{ "type": "module" }');
  const blocks = ['README.md', ...readmes].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], index) => [file, index, code]),
  );
  for (const [file, index, code] of blocks) {
    writeFileSync(join(examples, `${file.replaceAll('/', '-')}-${index}.ts`), `${code}export {};\n`);
  }
  return blocks.length;
}
