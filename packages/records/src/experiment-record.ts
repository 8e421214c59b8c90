import { z } from 'zod';
import { hashSchema, recordFormat } from './trial-record.ts';

/** A trial as an experiment lists it: what a reader calls it, its key, and the record it has. */
const listedTrialSchema = z.strictObject({
  task: z.string(),
  /** The arm's label. A name for readers: another one leaves key and record as they are. */
  arm: z.string(),
  model: z.string(),
  seed: z.number().int(),
  key: hashSchema,
  /** The hash of its record; null while it has none. */
  hash: hashSchema.nullable(),
});
/** A trial in an experiment's list: what it is called there, its key, and the hash of its record. */
export type ListedTrial = z.infer<typeof listedTrialSchema>;

/** An experiment as the report sees it: written beside the records as experiment.json. */
export const experimentRecordSchema = z.strictObject({
  schemaVersion: z.literal(recordFormat),
  name: z.string(),
  title: z.string(),
  question: z.string(),
  /** The exact command that regenerates the report. */
  command: z.string(),
  models: z.array(z.string()),
  /** Labels of the arms in presentation order. */
  arms: z.array(z.string()),
  tasks: z.array(z.string()),
  seeds: z.array(z.number().int()),
  /** In presentation order. Two arms with the same configuration have the same key, and one record. */
  trials: z.array(listedTrialSchema),
  /** Of everything else, see `sealed`. */
  hash: hashSchema,
});
/** The content of `experiment.json`: what the experiment is called, how it is run, and which trials it has. */
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;

/** What readers call a trial: `rte--lora-r8--mini-bert--s1`, with the arm's label. */
export function listedName({ task, arm, model, seed }: Pick<ListedTrial, 'task' | 'arm' | 'model' | 'seed'>): string {
  return `${task}--${arm}--${model}--s${seed}`;
}

type Listing = Omit<ExperimentRecord, 'hash' | 'schemaVersion'>;

/**
 * The listing of a folder after a part of its experiment was run: the trials of the part in place of those that have
 * their names, all others as they were, in presentation order.
 *
 * @param part  title, question and command as they are now; its lists have the part alone
 */
export function mergeListings(whole: Listing, part: Listing): Listing {
  const merged = {
    models: union(whole.models, part.models),
    arms: union(whole.arms, part.arms),
    tasks: union(whole.tasks, part.tasks),
    seeds: [...new Set([...whole.seeds, ...part.seeds])],
  };
  const byName = new Map([...whole.trials, ...part.trials].map((trial) => [listedName(trial), trial]));
  const [tasks, arms, models] = [placesOf(merged.tasks), placesOf(merged.arms), placesOf(merged.models)];
  const seeds = placesOf(merged.seeds);
  const placed = [...byName.values()].map((trial) => {
    const { task, arm, model, seed } = trial;
    const place = [tasks.get(task), arms.get(arm), models.get(model), seeds.get(seed)].map((at) => at ?? -1);
    return { trial, place };
  });
  placed.sort((a, b) => compareInOrder(a.place, b.place));
  return { ...part, ...merged, trials: placed.map(({ trial }) => trial) };
}

const placesOf = <Value>(values: readonly Value[]) => new Map(values.map((value, place) => [value, place]));

const union = (first: readonly string[], second: readonly string[]) => [...new Set([...first, ...second])];

function compareInOrder(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
