import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@attune/core';
import { writeAtomically } from '@attune/core/node';
import { unwritable, writeIn } from '@attune/engine';
import { type ExperimentRecord, type TrialConfig, type TrialRecord, trialRecordSchema } from '@attune/records';
import { displayPath } from '../experiment/check-directories.ts';

/** The output folder of an experiment: `experiment.json` and one file per finished trial under `records/`. */
export class RecordStore {
  readonly #output: string;

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

  /** The record of a trial that needs no second run: any but a failed one. */
  async finished(trial: { readonly key: string; readonly config: TrialConfig }): Promise<TrialRecord | undefined> {
    const text = await readFile(this.#file(trial), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const record = parseRecord(text);
    return record?.key === trial.key && record.status !== 'failed' ? record : undefined;
  }

  /**
   * Looks for files that no report could be made with: broken ones that none of these trials will replace.
   *
   * @throws ConfigError naming them
   */
  async refuseBroken(trials: readonly { readonly key: string; readonly config: TrialConfig }[]): Promise<void> {
    const folder = join(this.#output, 'records');
    const replaced = new Set(trials.map(({ key, config }) => recordFileName(key, config)));
    const names = (await readdir(folder)).filter((name) => /^[^.].*\.json$/.test(name) && !replaced.has(name)).sort();
    const broken: string[] = [];
    for (const name of names) if (!isJson(await readFile(join(folder, name), 'utf8'))) broken.push(name);
    if (broken.length === 0) return;
    throw new ConfigError(
      `${displayPath(folder)}: not JSON, so not records: ${broken.join(', ')}; remove them or choose another --out`,
    );
  }

  /** @throws ConfigError when the disk is full or the folder cannot be written; nothing partial is left */
  async write(record: TrialRecord): Promise<void> {
    await this.#write(this.#file(record), trialRecordSchema.parse(record));
  }

  async writeExperiment(record: ExperimentRecord): Promise<void> {
    await this.#write(join(this.#output, 'experiment.json'), record);
  }

  async #write(file: string, value: object): Promise<void> {
    try {
      await writeAtomically(file, recordText(value));
    } catch (error) {
      throw notWritten(file, (error as ConfigError).cause);
    }
  }

  #file({ key, config }: { readonly key: string; readonly config: TrialConfig }): string {
    return join(this.#output, 'records', recordFileName(key, config));
  }
}

/** Indented JSON, except that each prediction is one line: there are thousands, and a diff should show one as one. */
export function recordText(value: object): string {
  const { predictions } = value as { readonly predictions?: readonly unknown[] };
  if (predictions === undefined || predictions.length === 0) return `${JSON.stringify(value, null, 2)}\n`;
  const text = JSON.stringify({ ...value, predictions: [placeholder] }, null, 2);
  const lines = predictions.map((prediction) => JSON.stringify(prediction)).join(',\n    ');
  // A function, because a replacement text would give "$" a meaning.
  return `${text.replace(JSON.stringify(placeholder), () => lines)}\n`;
}

const placeholder = 'predictions go here';

/** `boolq--lora--mini-bert--s1--0123abcd.json` */
export function recordFileName(key: string, config: TrialConfig): string {
  const { task, method, model, seed } = config;
  return `${task.name}--${method.label}--${model.name}--s${seed}--${key.slice(0, 8)}.json`;
}

function parseRecord(text: string): TrialRecord | undefined {
  try {
    return trialRecordSchema.parse(JSON.parse(text));
  } catch {
    // A file that is no record (cut off by hand, an older schema) counts as absent and is written anew.
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function notWritten(path: string, error: unknown): ConfigError {
  const { reason, advice } = unwritable(error);
  const withOption = advice.replace('choose another', 'choose another with --out');
  return new ConfigError(
    `${displayPath(path)}: cannot be written: ${reason}; finished records are untouched; ${withOption} and run the same ` +
      'command again',
  );
}
