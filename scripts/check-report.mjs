// Fails unless a report's folder, just run, holds every file that a run writes, and its CSV has the promised columns.
// Whether the records are what was written, `attune verify` says.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2];
const columns =
  'experiment,model,method,formulation,task,regime,seed,split,metric,score,chance,majority,trainable_parameters,' +
  'total_parameters,flops,train_ms,peak_memory_bytes,adapter_bytes,status';

const fail = (message) => {
  console.error(`${directory}: ${message}`);
  process.exit(1);
};

const csv = readFileSync(join(directory, 'results.csv'), 'utf8').split(/\r?\n/);
if (csv[0] !== columns) fail(`results.csv: expected the columns\n  ${columns}\ngot\n  ${csv[0]}`);
for (const file of ['report.md', 'report.html']) {
  if (readFileSync(join(directory, file), 'utf8').length < 1000) fail(`${file} is too short to be a report`);
}
const names = (folder, ending) =>
  existsSync(join(directory, folder))
    ? readdirSync(join(directory, folder)).filter((name) => name.endsWith(ending))
    : fail(`${folder}/ is missing`);
const readJson = (...path) => JSON.parse(readFileSync(join(directory, ...path), 'utf8'));

const records = names('records', '.json');
if (records.length === 0) fail('records: no record');
// A trial whose rows are not there has a record, and nothing predicted.
const completed = records.filter((name) => readJson('records', name).status === 'completed');
if (names('predictions', '.jsonl.gz').length !== completed.length) {
  fail(`predictions: expected a file for each of ${completed.length} completed records`);
}
const { schemaVersion, trials } = readJson('experiment.json');
if (schemaVersion !== 3) fail(`experiment.json: expected format 3 (schemaVersion), got ${schemaVersion}`);
// What trained nothing has no losses.
const trained = records.filter((name) => readJson('records', name).lossesHash !== undefined);
if (names('losses', '.jsonl.gz').length !== trained.length) {
  fail(`losses: expected a file for each of ${trained.length} trained trials`);
}
// Arms with the same configuration share a record.
const keys = new Set(trials.map(({ key }) => key));
if (keys.size !== records.length) {
  fail(`experiment.json: expected trials of ${records.length} records, got ${keys.size} keys`);
}
const figures = names('figures', '.svg').length;
if (figures === 0 || figures !== names('figures', '.vl.json').length) {
  fail('figures: expected an SVG and its .vl.json specification for each figure');
}
console.log(`${directory}: ${records.length} records, ${csv.length - 2} rows, report complete`);
