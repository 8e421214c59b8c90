// Writes the `references` of every package's tsconfig.build.json from the dependencies in its package.json, which are
// the one place where a package says what it needs. `npm run build` runs it; a file that is right already is left alone.
//
//   node scripts/build-references.mjs [--check]
//
// With --check it writes nothing, and fails when a file is not as it would be written.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const checks = process.argv.includes('--check');
const stale = [];
const packages = join(import.meta.dirname, '../packages');
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const folders = readdirSync(packages, { recursive: true })
  .filter((path) => path.endsWith('tsconfig.build.json') && !path.includes('node_modules'))
  .map((path) => dirname(join(packages, path)));
const folderOf = new Map(folders.map((folder) => [manifestOf(folder).name, folder]));

for (const folder of folders) {
  const file = join(folder, 'tsconfig.build.json');
  const needed = Object.keys(manifestOf(folder).dependencies ?? {}).filter((name) => folderOf.has(name));
  const references = needed.map((name) => ({ path: `${relative(folder, folderOf.get(name))}/tsconfig.build.json` }));
  const json = JSON.stringify(references, null, 2).replaceAll('\n', '\n  ');
  const before = readFileSync(file, 'utf8');
  const after = before.replace(/"references": \[[^\]]*\]/, `"references": ${json}`);
  if (after === before) continue;
  if (checks) stale.push(relative(process.cwd(), file));
  else writeFileSync(file, after);
}
if (stale.length > 0) {
  console.error(`${stale.join('\n')}\nreferences are not the dependencies of package.json; run \`npm run build\``);
  process.exitCode = 1;
}
