import { wordPieceTokenizerJson } from '@attune/core';
import { checksums } from './checksums.ts';
import { tellExercises, tellFacts } from './corpus/corpus.ts';
import { createModelConfig, tokenizerConfig } from './model-files.ts';
import { createRandom } from './random.ts';
import { recipes } from './tasks/recipes.ts';
import { createTaskFiles } from './tasks/splits.ts';
import { createVocabulary } from './vocabulary.ts';
import { createWorld } from './world.ts';

export interface GenerateOptions {
  readonly seed: number;
  readonly factLines: number;
  readonly exerciseLines: number;
}

export const defaults: GenerateOptions = { seed: 1, factLines: 24_000, exerciseLines: 16_000 };

/** Where the checkpoint lies, seen from the world's folder. */
const checkpoint = '../checkpoints/mini-bert';

/** All files of the world, by path; the same options always give the same bytes. */
export function generate(options: GenerateOptions = defaults): Map<string, string> {
  const random = createRandom(`world ${options.seed}`);
  const world = createWorld(random.fork('world'));
  const tasks = recipes.map((recipe) => createTaskFiles(recipe, world, random.fork(recipe.directory)));
  const taken = new Set(tasks.flatMap((task) => [...task.keys]));
  const facts = tellFacts({ world, random: random.fork('facts'), lines: options.factLines });
  const plan = { world, random: random.fork('exercises'), lines: options.exerciseLines };
  const exercises = tellExercises(plan, recipes, taken);
  const files = new Map<string, string>();
  for (const task of tasks)
    for (const [split, rows] of task.rows)
      files.set(`${task.directory}/${split}.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  files.set('corpus/facts.txt', lines(facts));
  files.set('corpus/exercises.txt', lines(exercises));
  const vocabulary = createVocabulary([...files.values()]);
  files.set(`${checkpoint}/tokenizer.json`, json(wordPieceTokenizerJson(vocabulary)));
  files.set(`${checkpoint}/tokenizer_config.json`, json(tokenizerConfig));
  files.set(`${checkpoint}/config.json`, json(createModelConfig(vocabulary.length)));
  files.set('checksums.sha256', checksums(files));
  return files;
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
