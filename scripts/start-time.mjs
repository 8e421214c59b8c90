// Processor time (user and system, all threads) of what every start pays: `attune list`, and the import of @attune/core
// from built files. Medians of five, beside what they should stay under on a machine with nothing else to do.
//
//     npm run build && node scripts/start-time.mjs
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(new URL('../packages/core/dist/index.js', import.meta.url))) {
  console.error('packages/core/dist is not there; build it first: npm run build');
  process.exit(2);
}
const starts = [
  { what: 'attune list', limit: 0.8, args: ['packages/cli/bin/attune.js', 'list'] },
  { what: 'import of @attune/core', limit: 0.6, args: ['--input-type=module', '--eval', "import '@attune/core'"] },
];

/** Seconds of a process; it writes its own usage as its last line, which no shell is needed for. */
function seconds(args) {
  const usage = `process.on('exit',()=>{const{user,system}=process.cpuUsage();console.log((user+system)/1e6)})`;
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(usage)}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`);
  return Number(stdout.trim().split('\n').at(-1));
}

for (const { what, limit, args } of starts) {
  const times = Array.from({ length: 5 }, () => seconds(args)).sort((a, b) => a - b);
  console.log(
    `${what}: ${times[2].toFixed(2)} s of processor time (${times[0].toFixed(2)} to ${times[4].toFixed(2)}; should be at most ${limit})`,
  );
}
