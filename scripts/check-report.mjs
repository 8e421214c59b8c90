// Fails unless a report folder holds every file a report consists of, and its CSV has the promised columns.
import { readdirSync, readFileSync } from 'node:fs';
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
const count = (folder, ending) => readdirSync(join(directory, folder)).filter((name) => name.endsWith(ending)).length;
const records = count('records', '.json');
if (records === 0) fail('records: no record');
if (count('figures', '.svg') === 0 || count('figures', '.svg') !== count('figures', '.vl.json')) {
  fail('figures: expected an SVG and its .vl.json specification for each figure');
}
console.log(`${directory}: ${records} records, ${csv.length - 2} rows, report complete`);
