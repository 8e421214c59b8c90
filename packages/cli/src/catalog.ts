import { join } from 'node:path';
import type { FineTuningMethod } from '@attune/core';
import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import type { Catalog } from '@attune/runner';
import { tasks } from '@attune/superglue';
import { zeroShot } from '@attune/zero-shot';
import { codeDirectory, datasets } from './places.ts';

/** Where worker processes import this module from. */
export const catalogUrl = import.meta.url;

const methods = [fullFineTuning, layerFreezing, lora, pTuning, zeroShot] as readonly FineTuningMethod[];

/** Folders of the packages whose code decides what a trial computes. A method's package has the method's name. */
const computing = [
  ...['base', 'tokenizer', 'checkpoints', 'core', 'training', 'graph', 'engine', 'runner', 'tasks/superglue'],
  ...methods.map(({ name }) => `methods/${name}`),
];

/** The only list of methods, tasks, models and data. A new one is a line here. */
export const catalog: Catalog = {
  methods,
  tasks,
  models: {
    'mini-bert': join(datasets, 'checkpoints/mini-bert'),
    'mini-gpt2': join(datasets, 'checkpoints/mini-gpt2'),
  },
  data: { 'built-in-world': join(datasets, 'world') },
  codeDirectories: Object.fromEntries(computing.map((name) => [name, codeDirectory(name)])),
};
