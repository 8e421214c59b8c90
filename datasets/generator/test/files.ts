import { defaults, generate, openWorld } from '../src/generate.ts';
import { recipes } from '../src/tasks/recipes.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The committed world, made anew. */
export const files = generate();
export const { world } = openWorld(defaults);

export const linesOf = (path: string): string[] => files.get(path)!.trimEnd().split('\n');
export const rowsOf = (path: string): Row[] => linesOf(path).map((line) => JSON.parse(line));

/** Folders of the tasks that have rows in the world. */
export const tasks: readonly string[] = recipes.map(({ directory }) => directory);
export const diagnostics = ['AX-b', 'AX-g'] as const;
export const splits = ['train', 'dev', 'val', 'test'] as const;

/** Files of a task with labels, and all of its files but the samples drawn from them. */
export const labelledFiles = (task: string): string[] => {
  const splitFiles = ['train', 'dev', 'val'].map((split) => `${task}/${split}.jsonl`);
  return (diagnostics as readonly string[]).includes(task) ? [`${task}/${task}.jsonl`] : splitFiles;
};
export const filesOf = (task: string): string[] =>
  (diagnostics as readonly string[]).includes(task)
    ? [`${task}/${task}.jsonl`]
    : splits.map((split) => `${task}/${split}.jsonl`);
