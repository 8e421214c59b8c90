/**
 * Counts exported declarations of the packages, and types of calls, that have a docstring, and fails below 95 %. Those
 * without are listed.
 *
 * Usage: node scripts/check-docs.mjs
 */
import { readdirSync, readFileSync } from 'node:fs';

const leastPercent = 95;
const declaration =
  /^export (?:abstract )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)|^(?:interface|type) (\w+Call)\b/;

const files = readdirSync('packages', { recursive: true }).map((path) => `packages/${path}`);
const sources = files.filter((file) => /\/src\/.*(?<!\.test)\.ts$/.test(file) && !/\/(node_modules|dist)\//.test(file));
const found = sources.sort().flatMap(declarationsOf);
const missing = found.filter(({ documented }) => !documented);

for (const { at, name } of missing) console.log(`${at}: ${name} has no docstring`);
const percent = (100 * (found.length - missing.length)) / found.length;
console.log(`${found.length - missing.length} of ${found.length} exports have a docstring (${percent.toFixed(1)} %)`);
if (percent < leastPercent) {
  console.error(
    `check-docs: expected at least ${leastPercent} %; say what each of them is for, with shapes, units, errors`,
  );
  process.exitCode = 1;
}

/** Of a function with overloads, the first counts. */
function declarationsOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const names = lines.map((line) => declaration.exec(line)?.slice(1).find(Boolean));
  return names.flatMap((name, at) =>
    name === undefined || names.indexOf(name) < at
      ? []
      : [{ name, at: `${file}:${at + 1}`, documented: lines[at - 1]?.endsWith('*/') ?? false }],
  );
}
