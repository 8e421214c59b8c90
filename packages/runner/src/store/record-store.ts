import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '@attune/base';
import { displayPath, readText, readTextIfThere, writeAtomically, writeIn } from '@attune/base/node';
import {
  claimedKey,
  type ExperimentRecord,
  type ListedTrial,
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
import { Claims } from '../claims/claims.ts';
import type { Trial } from '../trial/expand-trials.ts';
import type { FinishedTrial } from '../trial/run-trial.ts';
import {
  type Description,
  joined,
  type ListCall,
  type Listing,
  merged,
  type OwnList,
  withoutHashes,
} from './listing.ts';
import { type SidecarTexts, sidecarFile, sidecarKinds, writeSidecar } from './sidecar-file.ts';
import { notWritten, otherExperiment, problemText, unusableList } from './store-errors.ts';

type StoredTrial = Pick<Trial, 'key' | 'config' | 'arm' | 'code'>;

/**
 * The output folder of an experiment: `experiment.json`, which lists its trials, and one file per finished trial under
 * `records/`. Files are written only when their content changes. Other processes may write in the same folder: the list is
 * read again before it is changed, and a record that another one wrote meanwhile stays.
 */
export class RecordStore {
  readonly #output: string;
  /** Records in the folder of the trials that were loaded. */
  readonly #records = new Map<string, TrialRecord>();
  #experiment: ExperimentRecord | undefined;
  /** What this process listed. */
  #own: OwnList | undefined;
  /** Changes of the list: one after the other. */
  #listing: Promise<void> = Promise.resolve();
  #claims: Claims | undefined;

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

  get #listFile(): string {
    return join(this.#output, 'experiment.json');
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
    const listed = new Map(this.#experiment?.trials.map(({ key, hash }) => [key, hash]));
    const problems: string[] = [];
    for (const trial of trials) {
      const found = await this.#readRecord(trial, listed.get(trial.key) ?? undefined);
      if (found === undefined) continue;
      if ('value' in found) this.#records.set(trial.key, found.value);
      else if (!replaced) problems.push(...found.problems.map((problem) => `${this.#shown(trial)}: ${problem}`));
    }
    const damaged = trials.find((trial) => problems[0]?.startsWith(this.#shown(trial)));
    problems.push(...(await this.#strayProblems(trials)));
    if (problems.length === 0) return;
    // Another process may have replaced a record between two looks.
    if ((await this.#readExperiment())?.hash !== this.#experiment?.hash) return this.load(trials, { replaced });
    throw new ConfigError(problemText(problems, damaged));
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

  /** A record that another process wrote since this one looked; undefined where there is none. */
  async arrived(trial: Pick<StoredTrial, 'key' | 'config'>): Promise<TrialRecord | undefined> {
    const { record } = await this.#there(trial);
    if (record === undefined || record.hash === this.#records.get(trial.key)?.hash) return undefined;
    this.#records.set(trial.key, record);
    return record;
  }

  /**
   * Claims of trials, by their keys, that hold in every process which writes into the folder.
   *
   * @throws ConfigError when the folder cannot be written
   */
  get claims(): Pick<Claims, 'take' | 'release' | 'close'> {
    const guarded = <Value>(run: () => Value): Value => {
      try {
        return run();
      } catch (error) {
        throw notWritten(join(this.#output, 'records'), error);
      }
    };
    const claims = guarded(() => (this.#claims ??= new Claims(join(this.#output, 'records', '.claims'))));
    return {
      take: (name) => guarded(() => claims.take(name)),
      release: (name) => guarded(() => claims.release(name)),
      close: () => {
        claims.close();
        this.#claims = undefined;
      },
    };
  }

  /**
   * Writes a finished trial's record, and its scores and losses before it. `close` lists it: the list of many trials is
   * long, and is not written anew for each of them.
   *
   * @param equalStays  a record with the same results is left as it is, with its times and commit
   * @returns the record that the folder has now; another process's where that wrote one meanwhile
   * @throws ConfigError when the disk is full or the folder cannot be written; nothing partial is left
   */
  async write({ record, ...texts }: FinishedTrial, { equalStays }: { readonly equalStays: boolean }) {
    const parsed = trialRecordSchema.parse(record);
    for (const kind of sidecarKinds) await this.#writeSidecar(kind, parsed, texts[kind]);
    const arrived = await this.arrived(parsed);
    if (arrived !== undefined && arrived.code === parsed.code && arrived.status !== 'failed') return arrived;
    const before = this.#records.get(parsed.key);
    if (equalStays && before !== undefined && sameResults(before, parsed)) return before;
    // A stop before `close` must not leave a listing that names another record than the one there.
    if ((await this.#there(parsed)).isThere) await this.#unlist(parsed.key);
    await this.#write(this.#file(parsed), recordText(parsed));
    this.#records.set(parsed.key, parsed);
    return parsed;
  }

  /**
   * Lists the records that are there, by their hashes, and this process's trials where another one's list lacks them.
   * Records that were removed while the run went on are written again.
   *
   * @throws ConfigError when another experiment was run into the folder meanwhile
   */
  async close(): Promise<void> {
    const own = this.#own;
    await this.#changeList(async (current) => {
      if (own === undefined) return current && this.#withHashes(current);
      if (current === undefined) return this.#withHashes(withoutHashes(own.listing));
      if (current.name !== own.listing.name) throw otherExperiment(this.#listFile, current.name, own.listing.name);
      return this.#withHashes(joined(current, own));
    });
  }

  /**
   * Writes experiment.json with the trials of a run. The trials that the folder lists beyond them stay when only a part
   * of the experiment is run, or when other processes run in the folder.
   */
  async list(description: Description, trials: readonly StoredTrial[], call: ListCall): Promise<void> {
    await this.#changeList(async (current) => {
      const known = current?.name === description.name ? current : undefined;
      const hashes = new Map(known?.trials.map(({ key, hash }) => [key, hash]));
      const listing = { ...description, trials: trials.map((trial) => this.#listed(trial, hashes)) };
      this.#own = { ...call, listing };
      if ((!call.isPart && this.#claims?.hasCompany !== true) || known === undefined) return listing;
      return merged(known, this.#own);
    });
  }

  /** @param hashes  what the list says, which another process may be about to change */
  #listed({ key, config, arm }: StoredTrial, hashes: ReadonlyMap<string, string | null>): ListedTrial {
    const record = this.#records.get(key);
    const hash = record === undefined ? null : hashes.has(key) ? hashes.get(key)! : record.hash;
    return { task: config.task.name, arm, model: config.model.name, seed: config.seed, key, hash };
  }

  /** The hashes of the records as they are there: another process may have replaced what this one knows. */
  async #withHashes(listing: Listing): Promise<Listing> {
    const trials: ListedTrial[] = [];
    for (const trial of listing.trials) {
      const known = this.#records.get(trial.key);
      const isListed = known === undefined || trial.hash === known.hash;
      trials.push(isListed ? trial : { ...trial, hash: await this.#hashThere(known) });
    }
    return { ...listing, trials };
  }

  async #hashThere(known: TrialRecord): Promise<string> {
    const { record, isThere } = await this.#there(known);
    if (!isThere) await this.#write(this.#file(known), recordText(known));
    return record?.hash ?? known.hash;
  }

  async #unlist(key: string): Promise<void> {
    await this.#changeList(async (current) => {
      const isListed = (trial: ListedTrial) => trial.key === key && trial.hash !== null;
      if (!current?.trials.some(isListed)) return undefined;
      return {
        ...current,
        trials: current.trials.map((trial) => (isListed(trial) ? { ...trial, hash: null } : trial)),
      };
    });
  }

  /** Reads the list, and writes what is made of it, while no other process does. */
  async #changeList(change: (current: ExperimentRecord | undefined) => Promise<Listing | undefined>): Promise<void> {
    const run = async () => {
      const listing = await change(await this.#readExperiment());
      if (listing === undefined) return;
      const { name, title, question, command, models, arms, tasks, seeds, trials } = listing;
      const parts = { name, title, question, command, models, arms, tasks, seeds, trials };
      const experiment = sealed({ schemaVersion: recordFormat, ...parts });
      this.#experiment = experiment;
      await this.#write(this.#listFile, recordText(experiment));
    };
    const next = () => (this.#claims === undefined ? run() : this.#claims.during('experiment', run));
    this.#listing = this.#listing.catch(() => {}).then(next);
    await this.#listing;
  }

  /** What the folder has of a trial: a sound record, and whether there is any file of its name. */
  async #there(
    trial: Pick<StoredTrial, 'key' | 'config'>,
  ): Promise<{ readonly record?: TrialRecord; readonly isThere: boolean }> {
    const text = await readTextIfThere(this.#file(trial));
    if (text === undefined) return { isThere: false };
    const read = parseTrialRecord(text, recordFileName(trial));
    return { isThere: true, ...('value' in read ? { record: read.value } : {}) };
  }

  #file(trial: Pick<StoredTrial, 'key' | 'config'>): string {
    return join(this.#output, 'records', recordFileName(trial));
  }

  async #readExperiment(): Promise<ExperimentRecord | undefined> {
    const file = this.#listFile;
    const text = await readTextIfThere(file);
    if (text === undefined) return undefined;
    const read = parseExperimentRecord(text);
    if ('value' in read) return read.value;
    // What an earlier version listed says nothing of records in this format.
    if (read.isOlder) return undefined;
    throw unusableList(file, read.problems);
  }

  async #readRecord(trial: StoredTrial, listedHash: string | undefined) {
    const text = await readTextIfThere(this.#file(trial));
    if (text === undefined) return undefined;
    const read = parseTrialRecord(text, recordFileName(trial));
    if ('value' in read && listedHash !== undefined && listedHash !== read.value.hash) {
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
      const text = await readTextIfThere(join(folder, name));
      if (text === undefined) continue;
      const key = claimedKey(text);
      const read = parseTrialRecord(text, name);
      if ('value' in read || (key !== undefined && !keys.has(key))) continue;
      problems.push(...read.problems.map((problem) => `${displayPath(join(folder, name))}: ${problem}`));
    }
    return problems;
  }

  #shown(trial: StoredTrial): string {
    return displayPath(this.#file(trial));
  }

  async #write(file: string, text: string): Promise<void> {
    const before = await readText(file).catch(() => undefined);
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
