// Installs the packages as somebody else gets them and runs an experiment there: `npm pack` of the command and of all it
// needs, a plain `npm install` of these files into an empty folder with a cache of its own, and `npx attune run`.
// Nothing of the repository is in reach but the files in the packages. Needs `npm run build` first.
//
//   node scripts/check-install.mjs [--keep] [--cache <folder>]
//
// It fails when something cannot be installed or run, when the report is not in the working directory, or when the
// command wrote anything among the installed packages. --keep leaves the folder and says where it is;
// --cache takes npm's downloads from there instead of a cache that is empty.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'attune-install-'));
const app = join(work, 'app');
const given = process.argv.indexOf('--cache');
const cache = given < 0 ? join(work, 'cache') : process.argv[given + 1];

/** Without what npm tells scripts: the inner npm is nobody's child, and no setting of this machine helps it. */
const environment = Object.fromEntries(
  Object.entries({ ...process.env, NO_COLOR: '1' }).filter(([name]) => !/^npm_|^ONNXRUNTIME_NODE_INSTALL/i.test(name)),
);

function command(cwd, ...words) {
  const [program, ...args] = words;
  const startedMs = performance.now();
  const output = execFileSync(program, args, { cwd, env: environment, encoding: 'utf8', maxBuffer: 2 ** 26 });
  console.log(`${words.slice(0, 3).join(' ')}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return output;
}

/** Every package of the repository by its name, and what the command needs of them. */
const manifests = new Map(
  ['packages', 'packages/methods', 'packages/tasks', '.']
    .flatMap((room) => readdirSync(join(root, room)).map((name) => join(root, room, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => [folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))])
    .map(([folder, manifest]) => [manifest.name, { folder, manifest }]),
);

function neededBy(name, found = new Set()) {
  if (found.has(name) || !manifests.has(name)) return found;
  found.add(name);
  for (const other of Object.keys(manifests.get(name).manifest.dependencies ?? {})) neededBy(other, found);
  return found;
}

const experiment = `
import { lora } from '@attune/lora';
import { arm, defineExperiment } from '@attune/runner';
import { rte } from '@attune/superglue';

export default defineExperiment({
  name: 'first',
  title: 'A first run',
  question: 'Does an installed command run?',
  models: ['mini-bert'],
  data: { directory: 'built-in-world', regime: 'full', splits: { train: 'train', select: 'dev', report: 'val' } },
  tasks: [rte, 'copa'],
  arms: [arm(lora, { rank: 2 }), { method: 'zero-shot' }],
  seeds: [1],
});
`;

const listing = () => readdirSync(join(app, 'node_modules'), { recursive: true }).sort().join('\n');

function check(holds, sentence) {
  if (!holds) throw new Error(`expected ${sentence}`);
}

try {
  for (const folder of [app, join(app, 'experiments'), join(work, 'packs')]) mkdirSync(folder, { recursive: true });
  const folders = [...neededBy('@attune/cli')].map((name) => manifests.get(name).folder);
  command(root, 'npm', 'pack', '--silent', '--cache', cache, '--pack-destination', join(work, 'packs'), ...folders);
  const packs = readdirSync(join(work, 'packs')).map((file) => join(work, 'packs', file));
  check(packs.length === folders.length, `${folders.length} packed packages, got ${packs.length}`);

  writeFileSync(join(app, 'package.json'), '{"private": true, "type": "module"}\n');
  command(app, 'npm', 'install', '--silent', '--no-audit', '--no-fund', '--cache', cache, ...packs);
  // Where the host that onnxruntime-node's install script downloads from is out of reach, npm leaves the package out.
  const advice = /^onnx .*\n +to have it: (\S+=skip) (npm install \S+)$/m.exec(command(app, 'npx', 'attune', 'doctor'));
  if (advice !== null) command(app, 'env', advice[1], ...advice[2].split(' '), '--cache', cache, '--silent');
  const doctor = command(app, 'npx', 'attune', 'doctor');
  console.log(doctor);
  check(/^onnx +available/m.test(doctor), 'the compiled engine, after what the doctor says if need be');
  const installed = listing();

  writeFileSync(join(app, 'experiments/first.ts'), experiment);
  const shown = command(app, 'npx', 'attune', 'run', 'experiments/first.ts', '--max-steps', '5');
  console.log(shown);
  check(/^Report: reports\/first\/report\.html$/m.test(shown), 'the report in reports/first of the working directory');
  const records = readdirSync(join(app, 'reports/first/records'));
  check(records.length === 4, `4 records, got ${records.length}`);
  command(app, 'npx', 'attune', 'verify', '--prove', 'reports/first');
  check(/^built-in-world /m.test(command(app, 'npx', 'attune', 'list', 'data')), 'the built-in world in the list');
  check(listing() === installed, 'node_modules as npm left it');
  console.log('The packages install and run.');
} finally {
  if (process.argv.includes('--keep')) console.log(work);
  else rmSync(work, { recursive: true, force: true });
}
