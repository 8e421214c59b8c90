import { type LoadedModel, loadModelDirectory, type Task } from '@attune/core';

/** What a worker keeps between trials: models and rows. Values are shared, so whoever gets them must not write them. */
export class WorkerCaches {
  readonly #models = new Map<string, Promise<LoadedModel>>();
  readonly #rows = new Map<string, Promise<readonly unknown[]>>();

  model(directory: string): Promise<LoadedModel> {
    return cached(this.#models, directory, () => loadModelDirectory(directory));
  }

  rows(task: Task, file: string): Promise<readonly unknown[]> {
    return cached(this.#rows, `${task.name} ${file}`, () => task.readRows(file));
  }
}

function cached<Value>(cache: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const made = make();
  cache.set(key, made);
  // A failure is not kept: the next trial tries again and gets its own message.
  made.catch(() => cache.delete(key));
  return made;
}
