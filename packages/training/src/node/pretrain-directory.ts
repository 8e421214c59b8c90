import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { ConfigError, DatasetError, textLines } from '@attune/base';
import { hashFile, readDataFile, readJsonFile, writeAtomically } from '@attune/base/node';
import { requireVocabulary, saveModelDirectory } from '@attune/checkpoints/node';
import { modelFamily } from '@attune/core';
import { createTokenizer } from '@attune/tokenizer';
import { z } from 'zod';
import { type PretrainCall, type Pretrained, type PretrainingCheckpoints, pretrain } from '../pretraining/pretrain.ts';
import { parsePretrainingRecipe, smallModel } from '../pretraining/recipe.ts';
import { readPretrainingState, removePretrainingState, stateFile, writePretrainingState } from './pretraining-state.ts';

/** A directory that describes a model and how it is trained. */
export interface PretrainDirectoryCall extends Pick<PretrainCall, 'engine' | 'onProgress' | 'signal'> {
  /** Holds config.json, tokenizer.json, tokenizer_config.json and recipe.json. */
  readonly directory: string;
  /** Where the checkpoint goes; the same directory when absent. */
  readonly out?: string;
  /**
   * 'small' trains another model, made of the one that is described (see `smallModel`); it needs an `out` of its own.
   */
  readonly size?: 'as-described' | 'small';
  /** The engine's name: training does not go on from a state that another engine wrote. */
  readonly engineName?: string;
  /** How often the state is kept, in steps; 200 when absent. */
  readonly checkpointEvery?: number;
  /** Told where a kept state goes on. */
  readonly onResume?: (place: { readonly phase: number; readonly step: number }) => void;
}

const configJson = z.record(z.string(), z.unknown());
const vocabularyJson = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int()), continuing_subword_prefix: z.string().default('##') }),
});

/**
 * Pre-trains the model that a directory describes, and writes the whole checkpoint with its learning curve
 * (learning-curve.json) and checksums (checksums.sha256). Same files, same engine: same bytes. Until then the state is
 * kept in `out`, from which the same call goes on when it was stopped or killed.
 *
 * @throws ConfigError when a file is missing or malformed, DatasetError naming the bad lines of a corpus; see `pretrain`
 *   for the rest
 */
export async function pretrainDirectory(call: PretrainDirectoryCall): Promise<Pretrained> {
  const { directory, out = directory, engine, onProgress, signal } = call;
  const { recipe, config } = await readDescription(call);
  const { model } = modelFamily(config, join(directory, 'config.json')).create(config, join(directory, 'config.json'));
  const tokenizerFiles = {
    tokenizer: await readJsonFile(join(directory, 'tokenizer.json')),
    config: await readJsonFile(join(directory, 'tokenizer_config.json')),
  };
  const tokenizer = createTokenizer({ ...tokenizerFiles, where: join(directory, 'tokenizer.json') });
  requireVocabulary(tokenizer, model, directory);
  const texts = await Promise.all(recipe.phases.map(({ corpus }) => readCorpus(directory, corpus)));
  const checkpoints = await openCheckpoints(call, { out, given: [recipe, config, tokenizerFiles, texts] });
  const trained = await pretrain({
    recipe,
    model,
    tokenizer,
    ...(recipe.objective === 'masked' && { isContinuation: continuationTest(tokenizerFiles.tokenizer) }),
    texts,
    engine,
    checkpoints,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  await saveModelDirectory(out, { config, tokenizerFiles, values: trained.values });
  await writeAtomically(join(out, 'learning-curve.json'), `${JSON.stringify(trained.curve, null, 1)}\n`);
  if (relative(directory, out) !== '')
    await writeAtomically(join(out, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
  await writeChecksums(out);
  await removePretrainingState(join(out, stateFile));
  return trained;
}

async function readDescription({ directory, out = directory, size }: PretrainDirectoryCall) {
  const where = join(directory, 'recipe.json');
  const recipe = parsePretrainingRecipe(await readJsonFile(where), where);
  const config = configJson.parse(await readJsonFile(join(directory, 'config.json')));
  if (size !== 'small') return { recipe, config };
  if (relative(directory, out) !== '') return smallModel({ recipe, config });
  throw new ConfigError(`${directory}: expected another folder for a model of another size; choose one for the result`);
}

async function readCorpus(directory: string, files: readonly string[]): Promise<string[]> {
  return (await Promise.all(files.map((file) => readLines(join(directory, file))))).flat();
}

/** Goes on from the state in `out` if there is one, and keeps the state there. */
async function openCheckpoints(
  { engineName = '', checkpointEvery = 200, onResume }: PretrainDirectoryCall,
  { out, given }: { readonly out: string; readonly given: readonly unknown[] },
): Promise<PretrainingCheckpoints> {
  const path = join(out, stateFile);
  const identity = createHash('sha256')
    .update(JSON.stringify([engineName, ...given]))
    .digest('hex');
  const from = await readPretrainingState(path, identity);
  if (from !== undefined) onResume?.({ phase: from.losses.length - 1, step: from.losses.at(-1)?.length ?? 0 });
  return { everySteps: checkpointEvery, from, save: (state) => writePretrainingState(path, state, identity) };
}

const checked = [
  'config.json',
  'learning-curve.json',
  'model.safetensors',
  'recipe.json',
  'tokenizer.json',
  'tokenizer_config.json',
];

/** checksums.sha256, as `sha256sum -c` reads it. */
async function writeChecksums(directory: string): Promise<void> {
  const lines = checked.map(async (name) => {
    return `${await hashFile(join(directory, name))}  ${name}\n`;
  });
  await writeAtomically(join(directory, 'checksums.sha256'), (await Promise.all(lines)).join(''));
}

function continuationTest(tokenizer: unknown): (id: number) => boolean {
  const { vocab, continuing_subword_prefix: prefix } = vocabularyJson.parse(tokenizer).model;
  const ids = new Set(
    Object.keys(vocab)
      .filter((token) => token.startsWith(prefix))
      .map((token) => vocab[token]!),
  );
  return (id) => ids.has(id);
}

async function readLines(path: string): Promise<string[]> {
  const lines = textLines(await readDataFile(path), path).map(({ text }) => text);
  if (lines.length === 0) throw new DatasetError(`${path}: expected lines of text to train on, got none`);
  return lines;
}
