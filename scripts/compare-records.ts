import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Answer,
  canonicalJson,
  listedName,
  parseExperimentRecord,
  parseTrialRecord,
  type Read,
  scoresText,
  sha256,
  unpackPredictions,
} from '@attune/records';
import { z } from 'zod';

/**
 * Compares the results in two report folders, trial by trial, by task, arm, model and seed:
 *
 *     node --conditions=attune-source --import tsx scripts/compare-records.ts <before> <after>
 *
 * Results are status, scores, baselines, the selected step, the learning curve, answers and their scores, counts, costs
 * that are counted, and the hash of the parameters. Either folder may be in format 1, whose last commit is 5b4ac53:
 *
 *     git worktree add ../before 5b4ac53
 *
 * Prints how many trials are equal and what differs; exits with 1 on any difference, also of a trial that only one has.
 */
function compareFolders(before: string, after: string): boolean {
  const first = readResults(before);
  const second = readResults(after);
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const lines = names.flatMap((name) => {
    const differing = differences(first.get(name), second.get(name));
    return differing === undefined ? [] : [`  ${name}: ${differing}`];
  });
  console.log(`${before} and ${after}: ${names.length - lines.length} trials equal, ${lines.length} different`);
  for (const line of lines) console.log(line);
  return lines.length === 0 && names.length > 0;
}

/** A trial's results by what they are, each as text. */
type Results = Readonly<Record<string, string>>;

function differences(one: Results | undefined, other: Results | undefined): string | undefined {
  if (one === undefined || other === undefined) return `only in the ${one === undefined ? 'second' : 'first'}`;
  const parts = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const differing = parts.filter((part) => one[part] !== other[part]);
  return differing.length === 0 ? undefined : differing.join(', ');
}

/** Results of an experiment's trials by name; a trial that has not run has none. */
function readResults(folder: string): Map<string, Results> {
  const text = readFileSync(join(folder, 'experiment.json'), 'utf8');
  const isOld = z.object({ schemaVersion: z.number() }).parse(JSON.parse(text)).schemaVersion === 1;
  return isOld ? readOld(folder, text) : readNew(folder, text);
}

function readNew(folder: string, text: string): Map<string, Results> {
  const { trials } = usable(parseExperimentRecord(text), join(folder, 'experiment.json'));
  const records = recordFiles(folder).map(({ name, text }) => usable(parseTrialRecord(text, name), name));
  const byKey = new Map(records.map((record) => [record.key, record]));
  return new Map(
    trials.flatMap((trial) => {
      const record = byKey.get(trial.key);
      if (record === undefined) return [];
      const { predictions, ...rest } = record;
      const answers = unpackPredictions(predictions);
      return [[listedName(trial), resultsOf({ ...rest, answers, scoresHash: predictions.scoresHash })]];
    }),
  );
}

const oldRecordSchema = z.looseObject({
  key: z.string(),
  config: z.looseObject({
    task: z.looseObject({ name: z.string() }),
    method: z.looseObject({ label: z.string() }),
    model: z.looseObject({ name: z.string() }),
    seed: z.number(),
  }),
  costs: z.record(z.string(), z.number()),
  predictions: z.array(
    z.object({
      id: z.string(),
      predicted: z.string(),
      gold: z.string().optional(),
      scores: z.array(z.number()).optional(),
    }),
  ),
});

/** Format 1: a label in the configuration, answers with their scores in the record, what was measured among the costs. */
function readOld(folder: string, text: string): Map<string, Results> {
  const { trials } = z.object({ trials: z.array(z.string()) }).parse(JSON.parse(text));
  const records = recordFiles(folder)
    .map(({ text }) => oldRecordSchema.parse(JSON.parse(text)))
    .filter(({ key }) => trials.includes(key));
  return new Map(
    records.map(({ config: { task, method, model, seed }, predictions, costs, ...rest }) => {
      const { trainTimeMs, evaluationTimeMs, peakMemoryBytes, ...counted } = costs;
      const answers = predictions.map(({ scores, ...answer }): Answer => answer as Answer);
      const scores = scoresText(predictions as readonly { readonly scores?: readonly number[] }[]);
      const results = { ...rest, costs: counted, answers, scoresHash: scores && sha256(scores) };
      return [listedName({ task: task.name, arm: method.label, model: model.name, seed }), resultsOf(results)];
    }),
  );
}

const compared = [
  ...['status', 'message', 'scores', 'chance', 'majority', 'selection', 'learningCurve', 'answers', 'scoresHash'],
  ...['counts', 'costs', 'parameterHash'],
];

function resultsOf(record: Readonly<Record<string, unknown>>): Results {
  return Object.fromEntries(compared.map((part) => [part, canonicalJson(record[part] ?? null)]));
}

function recordFiles(folder: string) {
  const names = readdirSync(join(folder, 'records')).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({ name, text: readFileSync(join(folder, 'records', name), 'utf8') }));
}

function usable<Value>(read: Read<Value>, file: string): Value {
  if ('value' in read) return read.value;
  throw new Error(`${file}: ${read.problems.join('; ')}`);
}

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  console.error('usage: compare-records <before> <after>, two folders with experiment.json and records/');
  process.exit(2);
}
process.exitCode = compareFolders(before, after) ? 0 : 1;
