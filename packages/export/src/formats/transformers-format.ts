import { saveModelDirectory } from '@attune/checkpoints/node';
import { pythonCard } from '../card/python-card.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import type { ExportedTrial, ExportFormat, MadeExport } from './export-format.ts';
import { autoClass, checkMerged, exportedConfig, isPlain, mergedParameters, trainedHead } from './merged-model.ts';
import { paddingId, paddingProblem } from './padding-token.ts';
import { exportedTokenizer } from './tokenizer-files.ts';

/** A model directory of the transformers library: adapters merged, with the head that was trained, in float32. */
export const transformersFormat: ExportFormat = {
  problem(trial) {
    if (isPlain(trial.prepared.attachment)) return paddingProblem(trial);
    return `what ${trial.record.config.method.name} adds cannot be merged into the weights of a model directory`;
  },
  make,
};

async function make(trial: ExportedTrial): Promise<MadeExport> {
  const values = mergedParameters(trial);
  const check = await checkMerged(trial, values);
  const saved = { config: configOf(trial), tokenizerFiles: exportedTokenizer(trial.loaded, 0), values };
  return { check, card: cardOf(trial), write: (folder) => saveModelDirectory(folder, saved) };
}

function configOf(trial: RestoredTrial): Record<string, unknown> {
  const { loaded, prepared, record } = trial;
  const { kind, labels } = prepared.report.formulated;
  // The older name of dtype; the library would narrow the values to what it says.
  const { torch_dtype: _, ...config } = exportedConfig({ loaded, kind, head: trainedHead(trial), labels, record });
  return { ...config, dtype: 'float32', pad_token_id: paddingId(trial) };
}

function cardOf(trial: RestoredTrial) {
  const { method, task, model } = trial.record.config;
  const className = autoClass(trial);
  return pythonCard(trial, {
    ...{ libraryName: 'transformers', relation: 'finetune', className, packages: ['torch', 'transformers'] },
    about:
      `\`model.safetensors\` is ${model.name}, fine-tuned on ${task.name} with ${method.name} and exported by Attune: a model\n` +
      `directory for \`${className}\` of Hugging Face's transformers, whole and in float32.`,
    loading: [
      `from transformers import ${className}, AutoTokenizer`,
      '',
      'tokenizer = AutoTokenizer.from_pretrained(".")',
      `model = ${className}.from_pretrained(".").eval()`,
    ],
  });
}
