import { join, relative } from 'node:path';
import { writeSafetensorsFile } from '@attune/checkpoints/node';
import { planParameters } from '@attune/training';
import { peftCard } from '../card/format-cards.ts';
import { writeFiles } from '../write-folder.ts';
import type { ExportedTrial, ExportFormat, MadeExport } from './export-format.ts';
import { checkMerged, mergedParameters, trainedHead } from './merged-model.ts';
import { paddingProblem } from './padding-token.ts';

/** What was trained alone, as Hugging Face PEFT loads it over the base model. */
export const peftFormat: ExportFormat = {
  problem(trial) {
    const { record, prepared, loaded } = trial;
    const { method, model } = record.config;
    if (prepared.attachment.toPeft === undefined) return `${method.name} has no form that PEFT loads`;
    if (model.initialization === 'random') return `the base model's weights are random, and no checkpoint has them`;
    const names = planParameters(prepared).frozen.map(({ name }) => name);
    const drawn = loaded.initialized.filter((name) => names.includes(name));
    return drawn.length === 0
      ? paddingProblem(trial)
      : `the base model's checkpoint lacks ${drawn.join(', ')}, which PEFT would draw`;
  },
  make,
};

async function make(trial: ExportedTrial): Promise<MadeExport> {
  const { prepared, trained } = trial;
  const check = await checkMerged(trial, mergedParameters(trial));
  const head = trainedHead(trial);
  const base = baseOf(trial);
  const { config, tensors } = prepared.attachment.toPeft!({
    ...{ values: trained, ...base },
    ...(head === 'languageModel' ? {} : { head }),
  });
  const write = async (folder: string) => {
    await writeSafetensorsFile(join(folder, 'adapter_model.safetensors'), tensors);
    await writeFiles(folder, { 'adapter_config.json': config });
  };
  return { check, card: peftCard(trial, base), write };
}

/** Where the base model is: on the hub, or as seen from the export's folder. */
function baseOf({ record, plan, folder }: ExportedTrial) {
  const { hub } = record.config.model;
  if (hub === undefined) return { baseModel: relative(folder, plan.model.directory) };
  return { baseModel: hub.repo, revision: hub.commit };
}
