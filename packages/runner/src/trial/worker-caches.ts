import type { Formulated, Task } from '@attune/core';
import { checkpointFiles, type LoadedModel, loadModelDirectory, readDataFile } from '@attune/core/node';
import { TracedSteps } from '../proof/traced-steps.ts';
import { cached } from './cached.ts';
import type { FileHashes } from './hash-files.ts';
import { readUnchanged } from './read-unchanged.ts';

/**
 * What a worker keeps between trials: models, rows, and what it traced. Values are shared, so whoever gets them must not
 * write them. Where hashes are given, what is read is checked against them when it is read.
 */
export class WorkerCaches {
  readonly #models = new Map<string, Promise<LoadedModel>>();
  readonly #rows = new Map<string, Promise<readonly unknown[]>>();
  readonly #formulated = new Map<string, Formulated<unknown>>();
  #formulatedTask: Task | undefined;
  readonly traced = new TracedSteps();

  /** @throws ChangedFileError when a file is not what was hashed */
  model(directory: string, hashes?: FileHashes): Promise<LoadedModel> {
    return cached(this.#models, directory, async () =>
      readUnchanged(await checkpointFiles(directory), { hashes, read: () => loadModelDirectory(directory) }),
    );
  }

  /** @throws ChangedFileError when the file is not what was hashed */
  rows(task: Task, file: string, hashes?: FileHashes): Promise<readonly unknown[]> {
    return cached(this.#rows, `${task.name} ${file}`, () =>
      readUnchanged([file], { hashes, read: async () => task.parseRows(await readDataFile(file), file) }),
    );
  }

  /**
   * What rows become, made once for all that ask alike while the task is the same: its seeds and arms share it.
   *
   * @param key  everything that it is made of
   */
  formulated(task: Task, key: string, make: () => Formulated<unknown>): Formulated<unknown> {
    if (this.#formulatedTask !== task) this.#formulated.clear();
    this.#formulatedTask = task;
    const formulated = this.#formulated.get(key) ?? make();
    this.#formulated.set(key, formulated);
    return formulated;
  }
}
