// Prints "N passed, N failed, N skipped" of vitest's JSON reports, for each of several and of all together; fails when
// something did or nothing ran.
//
//   node scripts/test-summary.mjs <report.json> ...
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const files = process.argv.slice(2);
const reports = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
const counts = reports.map((report) => [
  report.numPassedTests,
  report.numFailedTests,
  report.numPendingTests + report.numTodoTests,
]);
const line = ([passed, failed, skipped]) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
if (files.length > 1) {
  for (const [index, file] of files.entries()) console.log(`${basename(file)}: ${line(counts[index])}`);
}
console.log(line([0, 1, 2].map((place) => counts.reduce((sum, each) => sum + each[place], 0))));
if (reports.some((report) => !report.success || report.numPassedTests === 0)) process.exit(1);
