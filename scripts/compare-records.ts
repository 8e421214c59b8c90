import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '@attune/base';
import {
  type Answer,
  canonicalJson,
  experimentRecordSchema,
  type ListedTrial,
  listedName,
  parseExperimentRecord,
  parseTrialRecord,
  type Read,
  scoresText,
  type TrialRecord,
  trialRecordSchema,
  unpackPredictions,
} from '@attune/records';
import { z } from 'zod';

/**
 * Compares the results in two report folders, trial by trial, by task, arm, model and seed:
 *
 *     node --conditions=attune-source --import tsx scripts/compare-records.ts <before> <after>
 *
 * Results are status, scores, baselines, the selected step, the learning curve, losses, answers and their scores, counts,
 * costs that are counted, and the hash of the parameters. What the format of either folder does not have is not compared.
 * Either may be in format 2, in which no curve begins before the first step, or in format 1, whose last commit is 5b4ac53:
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
  const parts = Object.keys(one).filter((part) => part in other);
  const differing = parts.filter((part) => one[part] !== other[part]);
  return differing.length === 0 ? undefined : differing.join(', ');
}

/** Results of an experiment's trials by name; a trial that has not run has none. */
function readResults(folder: string): Map<string, Results> {
  const text = readFileSync(join(folder, 'experiment.json'), 'utf8');
  const { schemaVersion } = z.object({ schemaVersion: z.number() }).parse(JSON.parse(text));
  if (schemaVersion === 1) return readFormat1(folder, text);
  if (schemaVersion === 2) return readFormat2(folder, text);
  const { trials } = usable(parseExperimentRecord(text), join(folder, 'experiment.json'));
  const records = recordFiles(folder).map(({ name, text }) => usable(parseTrialRecord(text, name), name));
  return resultsByName(
    trials,
    records.map(({ lossesHash, ...record }) => ({ ...record, lossesHash: lossesHash ?? null })),
  );
}

const experimentOfFormat2 = experimentRecordSchema.extend({ schemaVersion: z.literal(2) });
const recordOfFormat2 = trialRecordSchema.omit({ notes: true }).extend({ schemaVersion: z.literal(2) });

/** Format 2: no notes, no losses; its hashes are taken on trust. */
function readFormat2(folder: string, text: string): Map<string, Results> {
  const { trials } = experimentOfFormat2.parse(JSON.parse(text));
  return resultsByName(
    trials,
    recordFiles(folder).map(({ text }) => recordOfFormat2.parse(JSON.parse(text))),
  );
}

function resultsByName(
  trials: readonly ListedTrial[],
  records: readonly (Pick<TrialRecord, 'key' | 'predictions'> & Readonly<Record<string, unknown>>)[],
): Map<string, Results> {
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
function readFormat1(folder: string, text: string): Map<string, Results> {
  const { trials } = z.object({ trials: z.array(z.string()) }).parse(JSON.parse(text));
  const records = recordFiles(folder)
    .map(({ text }) => oldRecordSchema.parse(JSON.parse(text)))
    .filter(({ key }) => trials.includes(key));
  return new Map(
    records.map(({ config: { task, method, model, seed }, predictions, costs, ...rest }) => {
      const { trainTimeMs, evaluationTimeMs, peakMemoryBytes, ...counted } = costs;
      const answers = predictions.map(({ scores, ...answer }): Answer => answer as Answer);
      const scores = scoresText(predictions as readonly { readonly scores?: readonly number[] }[]);
      const results = { ...rest, costs: counted, answers, scoresHash: scores && sha256Hex(scores) };
      return [listedName({ task: task.name, arm: method.label, model: model.name, seed }), resultsOf(results)];
    }),
  );
}

const compared = [
  ...['status', 'message', 'scores', 'chance', 'majority', 'selection', 'learningCurve', 'answers', 'scoresHash'],
  ...['counts', 'costs', 'parameterHash'],
];

/** Results that earlier formats do not have. */
const comparedWherePresent = ['lossesHash'];

function resultsOf(record: Readonly<Record<string, unknown>>): Results {
  const parts = [...compared, ...comparedWherePresent.filter((part) => part in record)];
  return Object.fromEntries(parts.map((part) => [part, canonicalJson(record[part] ?? null)]));
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
