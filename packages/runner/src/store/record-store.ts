import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '@attune/base';
import { displayPath, unwritable, writeAtomically, writeIn } from '@attune/base/node';
import {
  claimedKey,
  type ExperimentRecord,
  type ListedTrial,
  mergeListings,
  parseExperimentRecord,
  parseTrialRecord,
  recordFileName,
  recordFormat,
  recordText,
  sameResults,
  sealed,
  type TrialRecord,
  trialRecordSchema,
} from '@attune/records';
import type { Trial } from '../trial/expand-trials.ts';
import type { FinishedTrial } from '../trial/run-trial.ts';
import { type SidecarTexts, sidecarFile, sidecarKinds, writeSidecar } from './sidecar-file.ts';

type StoredTrial = Pick<Trial, 'key' | 'config' | 'arm' | 'code'>;

/** What an experiment says of itself; the store adds its trials and their records. */
export type Description = Omit<ExperimentRecord, 'schemaVersion' | 'trials' | 'hash'>;

const shownProblems = 10;

/**
 * The output folder of an experiment: `experiment.json`, which lists its trials, and one file per finished trial under
 * `records/`. Files are written only when their content changes.
 */
export class RecordStore {
  readonly #output: string;
  /** Records in the folder of the trials that were loaded. */
  readonly #records = new Map<string, TrialRecord>();
  #experiment: ExperimentRecord | undefined;
  /** Writing the list: one after the other, so that the last list stays. */
  #listing: Promise<void> = Promise.resolve();

  private constructor(output: string) {
    this.#output = output;
  }

  /**
   * Makes the folder and tries to write in it, so that a run does not find out after its first trial.
   *
   * @throws ConfigError when it cannot be made or written
   */
  static async open(output: string): Promise<RecordStore> {
    const records = join(output, 'records');
    try {
      await writeIn(records);
    } catch (error) {
      throw notWritten(records, error);
    }
    return new RecordStore(output);
  }

  /** What experiment.json says, once `load` has read it; undefined in a new folder. */
  get experiment(): ExperimentRecord | undefined {
    return this.#experiment;
  }

  /**
   * Reads what the folder has of these trials and checks that it is what was written.
   *
   * @param replaced  the trials' records will be written anew, so those that cannot be used count as absent
   * @throws ConfigError naming every file that was changed, cut short, renamed or replaced, and what to do
   */
  async load(trials: readonly StoredTrial[], { replaced }: { readonly replaced: boolean }): Promise<void> {
    this.#experiment = await this.#readExperiment();
    const problems: string[] = [];
    for (const trial of trials) {
      const found = await this.#readRecord(trial);
      if (found === undefined) continue;
      if ('value' in found) this.#records.set(trial.key, found.value);
      else if (!replaced) problems.push(...found.problems.map((problem) => `${this.#shown(trial)}: ${problem}`));
    }
    const damaged = trials.find((trial) => problems.some((problem) => problem.startsWith(this.#shown(trial))));
    problems.push(...(await this.#strayProblems(trials)));
    if (problems.length > 0) throw new ConfigError(problemText(problems, damaged));
  }

  /** The record of a trial that needs no second run: any of the same code but a failed one. */
  finished({ key, code }: StoredTrial): TrialRecord | undefined {
    const record = this.#records.get(key);
    return record?.code === code && record.status !== 'failed' ? record : undefined;
  }

  /** The sound record of a trial in the folder, whatever code and status it has. */
  recorded(key: string): TrialRecord | undefined {
    return this.#records.get(key);
  }

  /**
   * Writes a finished trial's record, and its scores and losses before it. `close` lists it: the list of many trials is long, and is not written
   * anew for each of them.
   *
   * @param equalStays  a record with the same results is left as it is, with its times and commit
   * @returns the record that the folder has now
   * @throws ConfigError when the disk is full or the folder cannot be written; nothing partial is left
   */
  async write({ record, ...texts }: FinishedTrial, { equalStays }: { readonly equalStays: boolean }) {
    const parsed = trialRecordSchema.parse(record);
    for (const kind of sidecarKinds) await this.#writeSidecar(kind, parsed, texts[kind]);
    const before = this.#records.get(parsed.key);
    if (equalStays && before !== undefined && sameResults(before, parsed)) return before;
    // A stop before `close` must not leave a listing that names another record than the one there.
    await this.#unlist(parsed.key);
    await this.#write(join(this.#output, 'records', recordFileName(parsed)), recordText(parsed));
    this.#records.set(parsed.key, parsed);
    return parsed;
  }

  /** Lists the records that were written, by their hashes. */
  async close(): Promise<void> {
    if (this.#experiment === undefined) return;
    const trials = this.#experiment.trials.map((trial) => ({
      ...trial,
      hash: this.#records.get(trial.key)?.hash ?? trial.hash,
    }));
    await this.#writeExperiment({ ...this.#experiment, trials });
  }

  /**
   * Writes experiment.json with the trials of a run. The trials that the folder lists beyond them stay when only a part
   * of the experiment is run.
   *
   * @param commandFor  the command that runs the whole of a description
   */
  async list(
    description: Description,
    trials: readonly StoredTrial[],
    { isPart, commandFor }: { readonly isPart: boolean; readonly commandFor: (whole: Description) => string },
  ): Promise<void> {
    const listing = { ...description, trials: trials.map((trial) => this.#listed(trial)) };
    const known = this.#experiment?.name === description.name ? this.#experiment : undefined;
    if (!isPart || known === undefined) return this.#writeExperiment(listing);
    const merged = mergeListings(known, listing);
    await this.#writeExperiment({ ...merged, command: commandOf({ known, listing, merged, commandFor }) });
  }

  #listed({ key, config, arm }: StoredTrial): ListedTrial {
    const hash = this.#records.get(key)?.hash ?? null;
    return { task: config.task.name, arm, model: config.model.name, seed: config.seed, key, hash };
  }

  async #unlist(key: string): Promise<void> {
    const isListed = (trial: ListedTrial) => trial.key === key && trial.hash !== null;
    if (!this.#experiment?.trials.some(isListed)) return;
    const trials = this.#experiment.trials.map((trial) => (isListed(trial) ? { ...trial, hash: null } : trial));
    await this.#writeExperiment({ ...this.#experiment, trials });
  }

  async #writeExperiment(listing: Omit<ExperimentRecord, 'schemaVersion' | 'hash'>): Promise<void> {
    const experiment = sealed({ schemaVersion: recordFormat, ...listing });
    this.#experiment = experiment;
    const file = join(this.#output, 'experiment.json');
    this.#listing = this.#listing.catch(() => {}).then(() => this.#write(file, recordText(experiment)));
    await this.#listing;
  }

  async #readExperiment(): Promise<ExperimentRecord | undefined> {
    const file = join(this.#output, 'experiment.json');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const read = parseExperimentRecord(text);
    if ('value' in read) return read.value;
    // What an earlier version listed says nothing of records in this format.
    if (read.isOlder) return undefined;
    const problems = read.problems.map((problem) => `${displayPath(file)}: ${problem}`).join('\n');
    throw new ConfigError(
      `${problems}\nRestore what was written (git restore ${displayPath(file)}), or delete the file and run the whole ` +
        'experiment again: it is made anew from the records.',
    );
  }

  async #readRecord(trial: StoredTrial) {
    const name = recordFileName(trial);
    const text = await readFile(join(this.#output, 'records', name), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const read = parseTrialRecord(text, name);
    const listed = this.#experiment?.trials.find(({ key, hash }) => key === trial.key && hash !== null);
    if ('value' in read && listed !== undefined && listed.hash !== read.value.hash) {
      return { problems: ['it is not the record that experiment.json lists: one of the two was replaced'] };
    }
    return read;
  }

  /** Files that no report could be made with, and records under another name than theirs. */
  async #strayProblems(trials: readonly StoredTrial[]): Promise<string[]> {
    const folder = join(this.#output, 'records');
    const own = new Set(trials.map(recordFileName));
    const keys = new Set(trials.map(({ key }) => key));
    const names = (await readdir(folder)).filter((name) => /^[^.].*\.json$/.test(name) && !own.has(name)).sort();
    const problems: string[] = [];
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8');
      const key = claimedKey(text);
      const read = parseTrialRecord(text, name);
      if ('value' in read || (key !== undefined && !keys.has(key))) continue;
      problems.push(...read.problems.map((problem) => `${displayPath(join(folder, name))}: ${problem}`));
    }
    return problems;
  }

  #shown(trial: StoredTrial): string {
    return displayPath(join(this.#output, 'records', recordFileName(trial)));
  }

  async #write(file: string, text: string): Promise<void> {
    const before = await readFile(file, 'utf8').catch(() => undefined);
    if (before === text) return;
    await this.#guarded(() => writeAtomically(file, text), file);
  }

  async #writeSidecar(kind: keyof SidecarTexts, record: TrialRecord, text: string | undefined): Promise<void> {
    if (text === undefined) return;
    const folder = dirname(sidecarFile(this.#output, kind, record));
    await this.#guarded(() => writeSidecar(this.#output, kind, { record, text }), folder);
  }

  async #guarded(write: () => Promise<void>, file: string): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw notWritten(file, (error as ConfigError).cause);
    }
  }
}

type Commanded = Pick<ExperimentRecord, 'trials' | 'command'>;

/** The command of a merged listing: of either part that has all its trials, else a new one. */
function commandOf(call: {
  readonly known: Commanded;
  readonly listing: Commanded;
  readonly merged: Description & Commanded;
  readonly commandFor: (whole: Description) => string;
}): string {
  const { known, listing, merged, commandFor } = call;
  const whole = [known, listing].find(({ trials }) => trials.length === merged.trials.length);
  return whole?.command ?? commandFor(merged);
}

function problemText(problems: readonly string[], damaged: StoredTrial | undefined): string {
  const more = problems.length - shownProblems;
  const { config, arm } = damaged ?? {};
  const options =
    config === undefined
      ? ''
      : `, as in: --tasks ${config.task.name} --methods ${arm} --models ${config.model.name} --seeds ${config.seed} --fresh`;
  return [
    ...problems.slice(0, shownProblems),
    ...(more > 0 ? [`and ${more} more`] : []),
    'Restore what was written (git restore <file>), remove what is no record, or run such a trial again with --fresh' +
      `${options}.`,
  ].join('\n');
}

function notWritten(path: string, error: unknown): ConfigError {
  const { reason, advice } = unwritable(error);
  const withOption = advice.replace('choose another', 'choose another with --out');
  return new ConfigError(
    `${displayPath(path)}: cannot be written: ${reason}; finished records are untouched; ${withOption} and run the same ` +
      'command again',
  );
}
