import { codeLiteral, markdownBlock, markdownCode, markdownText } from '@attune/base';
import type { PeftCall } from '@attune/core';
import type { FormatCard } from '../formats/export-format.ts';
import { autoClass, hasScoredChoices, trainedHead } from '../formats/merged-model.ts';
import { paddingId, paddingToken } from '../formats/padding-token.ts';
import { inferenceTokens } from '../formats/standalone-model.ts';
import { virtualTokenText } from '../formats/tokenizer-files.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { answerText, labelText, outputShape, type Row, table } from './markdown.ts';
import { pythonCard } from './python-card.ts';

/** What an ONNX export's card is about: the file's own inputs, and the example beside it. */
interface OnnxCardCall {
  readonly inputNames: readonly string[];
  readonly example: string;
}

/** What the card of an ONNX export says of it. */
export function onnxCard(trial: RestoredTrial, call: OnnxCardCall): FormatCard {
  const { method, task, model } = trial.record.config;
  const [of, on, by] = [model.name, task.name, method.name].map(markdownText);
  return {
    libraryName: 'onnx',
    tags: ['onnx'],
    relation: 'finetune',
    about: `\`model.onnx\` is ${of}, fine-tuned on ${on} with ${by} and exported by Attune: one file with its
weights (float32, ONNX opset 18, standard operators only) for onnxruntime-node, onnxruntime-web and any other runtime.`,
    usage: usage(trial, call),
  };
}

function usage(trial: RestoredTrial, { inputNames, example }: OnnxCardCall): string {
  const { attachment, model, report, tokenizer } = trial.prepared;
  const { numVirtualTokens } = attachment;
  const mask = markdownCode(tokenizer.decode([inferenceTokens(trial.prepared).mask]));
  const paragraphs = [
    answerText(report.formulated.kind, mask, model.languageModel === 'causal' ? 'last' : 'first'),
    ...(numVirtualTokens > 0 ? [virtualTokens(numVirtualTokens)] : []),
    ...labelText(report.formulated),
  ];
  return `## Inputs and outputs

${table(ports(trial, inputNames))}

Batch and length are free; a sequence has at most ${model.maxLength} tokens. ${paddingText(trial)}

${paragraphs.join('\n\n')}

## Example

\`example.mjs\`, an example of the reported split. Run it with \`node example.mjs\` after
\`npm install onnxruntime-node @huggingface/tokenizers\`; in a browser take onnxruntime-web and fetch the files.

${markdownBlock(example, 'js')}`;
}

/** The inputs that the file has, and its output. */
function ports({ prepared }: RestoredTrial, inputNames: readonly string[]): Row[] {
  const { formulated } = prepared.report;
  const axes =
    formulated.kind === 'choice' ? 'batch_size, num_choices, sequence_length' : 'batch_size, sequence_length';
  const segments =
    prepared.tokenizer.layout.secondTokenType === 1 ? '0 in the first segment, 1 in the second' : '0 throughout';
  const meanings: Readonly<Record<string, string>> = {
    input_ids: '',
    attention_mask: ', 1 at tokens, 0 at padding',
    token_type_ids: `, ${segments}`,
  };
  return [
    ['name', 'what it is'],
    ...inputNames.map((name): Row => [markdownCode(name), `int64 [${axes}]${meanings[name] ?? ''}`]),
    [markdownCode('logits'), `float32 ${outputShape(formulated)}`],
  ];
}

/** How sequences of a batch are made equally long. */
function paddingText({ loaded, prepared }: RestoredTrial): string {
  const token = paddingToken(loaded);
  const id =
    token === undefined ? String(prepared.tokenizer.specialIds.pad) : `${token.id} (${markdownCode(token.content)})`;
  return `Pad on the right, ids with ${id}, all else\nwith 0: positions count from the first token.`;
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
  const [of, on, by] = [model.name, task.name, method.name].map(markdownText);
  const where = base.revision === undefined ? '\nThe base model is a folder, named as seen from this one.' : '';
  return pythonCard(trial, {
    ...{ libraryName: 'peft', relation: 'adapter', className, packages: ['torch', 'transformers', 'peft'] },
    about:
      `\`adapter_model.safetensors\` is what ${by} trained of ${of} on ${on}, exported by Attune: an adapter\n` +
      `for Hugging Face's PEFT, to be loaded over the base model's \`${className}\` and its tokenizer, with the options of the\nexample.${where}`,
    loading: [
      'from peft import PeftModel',
      `from transformers import ${className}, AutoTokenizer`,
      '',
      `base = ${codeLiteral(base.baseModel)}`,
      `tokenizer = AutoTokenizer.from_pretrained(${['base', ...tokenizerOptions(trial, base)].join(', ')})`,
      `model = ${className}.from_pretrained(`,
      '    base,',
      ...modelOptions(trial, base).map((option) => `    ${option},`),
      ')',
      'model = PeftModel.from_pretrained(model, ".").eval()',
    ],
  });
}

const revisionOption = ({ revision }: Pick<PeftCall, 'revision'>) =>
  revision === undefined ? [] : [`revision=${codeLiteral(revision)}`];

/** How the base's tokenizer must pad, whatever its files say. */
function tokenizerOptions({ loaded }: RestoredTrial, base: Pick<PeftCall, 'revision'>): string[] {
  const token = paddingToken(loaded);
  return [
    ...revisionOption(base),
    'padding_side="right"',
    ...(token === undefined ? [] : [`pad_token=${codeLiteral(token.content)}`]),
  ];
}

/** What the base model must be created with: an adapter cannot say it. */
function modelOptions(trial: RestoredTrial, base: Pick<PeftCall, 'revision'>): string[] {
  const { prepared, loaded } = trial;
  const { kind, labels } = prepared.report.formulated;
  const names = labels.map((label, id) => `${id}: ${codeLiteral(label)}`);
  // A decoder finds the end of a text by it, so what the base's file says or leaves out does not count.
  const isDecoder = loaded.model.languageModel === 'causal';
  const pad = isDecoder || (loaded.config.pad_token_id ?? undefined) === undefined ? paddingId(trial) : undefined;
  return [
    ...revisionOption(base),
    'dtype=torch.float32',
    ...(kind === 'classification' ? [`id2label={${names.join(', ')}}`] : []),
    ...(hasScoredChoices(loaded, trainedHead(trial)) ? ['num_labels=1'] : []),
    ...(pad === undefined ? [] : [`pad_token_id=${pad}`]),
  ];
}
