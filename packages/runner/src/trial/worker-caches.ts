import type { Task } from '@attune/core';
import { type LoadedModel, loadModelDirectory, readDataFile } from '@attune/core/node';
import { cached } from './cached.ts';

/** What a worker keeps between trials: models and rows. Values are shared, so whoever gets them must not write them. */
export class WorkerCaches {
  readonly #models = new Map<string, Promise<LoadedModel>>();
  readonly #rows = new Map<string, Promise<readonly unknown[]>>();

  model(directory: string): Promise<LoadedModel> {
    return cached(this.#models, directory, () => loadModelDirectory(directory));
  }

  rows(task: Task, file: string): Promise<readonly unknown[]> {
    return cached(this.#rows, `${task.name} ${file}`, async () => task.parseRows(await readDataFile(file), file));
  }
}
