import type { PeftCall } from '@attune/core';
import type { FormatCard } from '../formats/export-format.ts';
import { hasScoredChoices } from '../formats/model-config.ts';
import { autoClass, trainedHead } from '../formats/trained-head.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { pythonCard } from './python-card.ts';

/** What the card of an adapter says of it. */
export function peftCard(trial: RestoredTrial, base: Pick<PeftCall, 'baseModel' | 'revision'>): FormatCard {
  const { method, task, model } = trial.record.config;
  const className = autoClass(trial);
  const isHub = base.revision !== undefined;
  const where = isHub ? '' : '\nThe base model is a folder, named as seen from this one.';
  return pythonCard(trial, {
    ...{ libraryName: 'peft', relation: 'adapter', className, packages: ['torch', 'transformers', 'peft'] },
    about:
      `\`adapter_model.safetensors\` is what ${method.name} trained of ${model.name} on ${task.name}, exported by Attune: an adapter\n` +
      `for Hugging Face's PEFT, to be loaded over the base model's \`${className}\`, with the options of the\nexample.${where}`,
    loading: [
      'from peft import PeftModel',
      `from transformers import ${className}, AutoTokenizer`,
      '',
      `base = ${JSON.stringify(base.baseModel)}`,
      `tokenizer = AutoTokenizer.from_pretrained(base${isHub ? `, revision="${base.revision}"` : ''})`,
      `model = ${className}.from_pretrained(`,
      '    base,',
      ...options(trial, base).map((option) => `    ${option},`),
      ')',
      'model = PeftModel.from_pretrained(model, ".").eval()',
    ],
  });
}

/** What the base model must be created with: an adapter cannot say it. */
function options(trial: RestoredTrial, { revision }: Pick<PeftCall, 'revision'>): string[] {
  const { prepared, loaded } = trial;
  const { kind, labels } = prepared.report.formulated;
  const names = labels.map((label, id) => `${id}: ${JSON.stringify(label)}`);
  const pad = loaded.config.pad_token_id ?? undefined;
  return [
    ...(revision === undefined ? [] : [`revision="${revision}"`]),
    'dtype=torch.float32',
    ...(kind === 'classification' ? [`id2label={${names.join(', ')}}`] : []),
    ...(hasScoredChoices(loaded, trainedHead(trial)) ? ['num_labels=1'] : []),
    ...(pad === undefined ? [`pad_token_id=${prepared.tokenizer.specialIds.pad}`] : []),
  ];
}
