import type { PeftCall } from '@attune/core';
import type { FormatCard } from '../formats/export-format.ts';
import { autoClass, hasScoredChoices, trainedHead } from '../formats/merged-model.ts';
import { virtualTokenText } from '../formats/tokenizer-files.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { answerText, code, labelText, outputShape, type Row, table } from './markdown.ts';
import { pythonCard } from './python-card.ts';

/** What the card of an ONNX export says of it. */
export function onnxCard({ record, prepared }: RestoredTrial, example: string): FormatCard {
  const { method, task, model } = record.config;
  return {
    libraryName: 'onnx',
    tags: ['onnx'],
    relation: 'finetune',
    about: `\`model.onnx\` is ${model.name}, fine-tuned on ${task.name} with ${method.name} and exported by Attune: one file with its
weights (float32, ONNX opset 18, standard operators only) for onnxruntime-node, onnxruntime-web and any other runtime.`,
    usage: usage(prepared, example),
  };
}

function usage({ attachment, model, report }: RestoredTrial['prepared'], example: string): string {
  const { numVirtualTokens } = attachment;
  const paragraphs = [
    answerText[report.formulated.kind],
    ...(numVirtualTokens > 0 ? [virtualTokens(numVirtualTokens)] : []),
    ...labelText(report.formulated),
  ];
  return `## Inputs and outputs

${table(ports(report.formulated))}

Batch and length are free; a sequence has at most ${model.maxLength} tokens. Pad on the right.

${paragraphs.join('\n\n')}

## Example

\`example.mjs\`, an example of the reported split. Run it with \`node example.mjs\` after
\`npm install onnxruntime-node @huggingface/tokenizers\`; in a browser take onnxruntime-web and fetch the files.

\`\`\`js
${example}\`\`\``;
}

function ports(formulated: Parameters<typeof outputShape>[0]): Row[] {
  const axes =
    formulated.kind === 'choice' ? 'batch_size, num_choices, sequence_length' : 'batch_size, sequence_length';
  return [
    ['name', 'what it is'],
    [code('input_ids'), `int64 [${axes}]`],
    [code('attention_mask'), `int64 [${axes}], 1 at tokens, 0 at padding`],
    [code('token_type_ids'), `int64 [${axes}], 0 in the first segment, 1 in the second`],
    [code('logits'), `float32 ${outputShape(formulated)}`],
  ];
}

function virtualTokens(count: number): string {
  const names = Array.from({ length: count }, (_, index) => virtualTokenText(index));
  return (
    `The pattern has trained pseudo tokens, ${names.join(' ')}: special tokens of tokenizer.json with ids behind the\n` +
    'vocabulary. The vectors that the prompt encoder gives them are in model.onnx.'
  );
}

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
