import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { checksums } from './checksums.ts';
import { tellExercises, tellFacts } from './corpus/corpus.ts';
import { createOverlapTest, type RowParts } from './corpus/overlap.ts';
import { createBertConfig, createGpt2Config, tokenizerConfig } from './model-files.ts';
import { createProbes } from './probes.ts';
import { createRandom, type Random } from './random.ts';
import { createDiagnostics } from './tasks/diagnostics.ts';
import { recipes } from './tasks/recipes.ts';
import { createTaskFiles } from './tasks/splits.ts';
import { createVocabulary } from './vocabulary.ts';
import { createWorld, type World } from './world.ts';

export interface GenerateOptions {
  readonly seed: number;
  readonly factLines: number;
  readonly exerciseLines: number;
}

export const defaults: GenerateOptions = { seed: 1, factLines: 24_000, exerciseLines: 16_000 };

/** Where the checkpoints lie, seen from the world's folder. They share their vocabulary. */
const checkpoints = { '../checkpoints/mini-bert': createBertConfig, '../checkpoints/mini-gpt2': createGpt2Config };

/** The source of all choices, and the world that the first of them make. */
export function openWorld({ seed }: Pick<GenerateOptions, 'seed'>): { random: Random; world: World } {
  const random = createRandom(`world ${seed}`);
  return { random, world: createWorld(random.fork('world')) };
}

/** All files of the world, by path; the same options always give the same bytes. */
export function generate(options: GenerateOptions = defaults): Map<string, string> {
  const { random, world } = openWorld(options);
  const files = new Map<string, string>();
  const isTaken = createOverlapTest(addTasks(files, world, random));
  for (const [path, rows] of createProbes(world)) files.set(path, jsonLines(rows));
  const facts = tellFacts({ world, random: random.fork('facts'), lines: options.factLines, isTaken });
  const plan = { world, random: random.fork('exercises'), lines: options.exerciseLines, isTaken };
  files.set('corpus/facts.txt', lines(facts));
  files.set('corpus/exercises.txt', lines(tellExercises(plan, recipes)));
  const vocabulary = createVocabulary([...files.values()]);
  for (const [checkpoint, createConfig] of Object.entries(checkpoints)) {
    files.set(`${checkpoint}/tokenizer.json`, json(wordPieceTokenizerJson(vocabulary)));
    files.set(`${checkpoint}/tokenizer_config.json`, json(tokenizerConfig));
    files.set(`${checkpoint}/config.json`, json(createConfig(vocabulary.length)));
  }
  files.set('checksums.sha256', checksums(files));
  return files;
}

/** Adds the files of the tasks and diagnostics; returns what their rows are made of. */
function addTasks(files: Map<string, string>, world: World, random: Random): RowParts[] {
  const tasks = recipes.map((recipe) => createTaskFiles(recipe, world, random.fork(recipe.directory)));
  for (const { directory, rows } of tasks)
    for (const [split, own] of rows) files.set(`${directory}/${split}.jsonl`, jsonLines(own));
  const parts = tasks.flatMap((task) => task.parts);
  const diagnostics = createDiagnostics({ world, random, taken: parts });
  files.set('AX-b/AX-b.jsonl', jsonLines(diagnostics.axb));
  files.set('AX-g/AX-g.jsonl', jsonLines(diagnostics.axg));
  return [...parts, ...diagnostics.parts];
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
const jsonLines = (rows: readonly unknown[]): string => lines(rows.map((row) => JSON.stringify(row)));
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
