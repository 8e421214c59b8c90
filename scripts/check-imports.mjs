// Who may import whom: holds every source file under packages/ against the table in imports.json.
//
//   node scripts/check-imports.mjs
//
// - A package imports only those that its line names ("*": all), and a line names only packages of lines above it: so
//   there is no cycle. Tests are free to import what they need.
// - A library that the table restricts is imported by the packages named there alone.
// - Node's own modules are imported in `node/` folders alone, in packages that have one or are listed as free of Node.
// - Nothing but tests imports from a `test/` folder, which is not part of what is built.
// - Files are opened, read and written through @attune/base/node, which waits for no pipe and leaves nothing by halves;
//   only the files that the table lists under "opensFiles" call Node's own functions.
// - What lies outside a `node/` folder imports nothing from inside one, nor another package's `/node` entry.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';

const root = new URL('..', import.meta.url).pathname;
const table = JSON.parse(readFileSync(join(root, 'imports.json'), 'utf8'));

/** Folders of packages, by the name that imports use. */
const folders = new Map(
  ['packages', 'packages/methods', 'packages/tasks']
    .flatMap((room) => readdirSync(join(root, room)).map((name) => join(room, name)))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => [JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).name, folder]),
);

const matches = (pattern, name) => new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`).test(name);
const place = (folder) => relative('packages', folder);
/** Static imports and re-exports stand alone on their lines; code inside a template text is no import. */
const importsOf = (text) =>
  [
    ...text
      .replace(/`[^`]*`/gs, '')
      .matchAll(/^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm),
  ].map(([, from, bare, called]) => from ?? bare ?? called);

/** Functions of node:fs that open files. */
const opens = /^(open|readFile|writeFile|appendFile|copyFile|create(Read|Write)Stream)(Sync)?\b/;

const problems = [];
const lines = Object.keys(table.packages);
for (const [index, line] of lines.entries()) {
  const above = new Set(['*', ...lines.slice(0, index)]);
  for (const named of table.packages[line].filter((other) => !above.has(other)))
    problems.push(`imports.json: "${line}" may not name "${named}", which no line above it has`);
}
for (const [name, folder] of folders) {
  const line = lines.find((pattern) => matches(pattern, place(folder)));
  if (line === undefined) problems.push(`${folder}: imports.json has no line for it`);
  const allowed = table.packages[line] ?? [];
  for (const file of sources(join(folder, 'src'))) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const specifier of importsOf(text)) check({ name, folder, allowed, file, specifier });
    checkOpening(file, text);
  }
}

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .sort();
}

function checkOpening(file, text) {
  if (table.opensFiles.includes(file)) return;
  for (const [, names, all] of text.matchAll(/^import (?:\{([^}]*)\}|([^{;]*)) from 'node:fs(?:\/promises)?';/gm)) {
    const found =
      all ??
      names
        .split(',')
        .filter((name) => opens.test(name.trim()))
        .join();
    if (found !== '')
      problems.push(`${file}: imports ${found.trim()} of node:fs: @attune/base/node opens files (imports.json)`);
  }
}

function check({ name, folder, allowed, file, specifier }) {
  const inNode = file.includes('/src/node/');
  const free = table.freeOfNode.some((pattern) => matches(pattern, place(folder)));
  const complain = (reason) => problems.push(`${file}: imports "${specifier}": ${reason}`);
  const [, other, entry] = /^(@attune\/[^/]+)(\/node)?$/.exec(specifier) ?? [];
  if (other !== undefined && other !== name) {
    const target = folders.get(other);
    if (target === undefined) complain('there is no such package');
    else if (!allowed.some((pattern) => pattern === '*' || matches(pattern, place(target))))
      complain(`${place(folder)} may import ${allowed.join(', ') || 'no other package'} (imports.json)`);
  }
  if (specifier.startsWith('.') && join(dirname(file), specifier).includes('/test/'))
    complain('only tests may import what lies in test/; it is no part of the package');
  const reachesNode =
    specifier.startsWith('node:') || entry !== undefined || join(dirname(file), specifier).includes('/src/node/');
  if (free && !inNode && reachesNode) complain('only files under node/ need Node; move it there');
  for (const [library, owners] of Object.entries(table.libraries)) {
    if (matches(library, specifier) && !owners.some((owner) => matches(owner, place(folder))))
      complain(`only ${owners.join(' and ')} may (imports.json)`);
  }
}

for (const problem of problems) console.error(problem);
console.log(`imports: ${folders.size} packages, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
