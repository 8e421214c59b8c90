import type { Instance } from '@attune/core';
import type { TrialRecord } from '@attune/records';
import { virtualTokenText } from './tokenizer-files.ts';

export interface ModelCardCall {
  readonly record: TrialRecord;
  readonly kind: Instance['kind'];
  readonly labels: readonly string[];
  readonly numVirtualTokens: number;
  readonly maxLength: number;
  /** The command that made the record. */
  readonly command: string;
  /** The record's file. */
  readonly trial: string;
  /** See `exampleCode`. */
  readonly example: string;
  readonly check: { readonly examples: number; readonly difference: number };
}

/** README.md of an exported model: what it is, how it was made and scored, how to use it, how to make it again. */
export function modelCard(call: ModelCardCall): string {
  const { record, command, trial, example } = call;
  const { method, task, model } = record.config;
  return `# ${task.name} by ${method.label}: ${model.name}

\`model.onnx\` is ${model.name}, fine-tuned on ${task.name} with ${method.name} and exported by Attune: one file with its
weights (float32, ONNX opset 18, standard operators only) for onnxruntime-node, onnxruntime-web and any other runtime.

${table(facts(call))}

## Inputs and outputs

${table(ports(call))}

Batch and length are free; a sequence has at most ${call.maxLength} tokens. Pad on the right.

${usage(call).join('\n\n')}

## Example

\`example.mjs\`, an example of the reported split. Run it with \`node example.mjs\` after
\`npm install onnxruntime-node @huggingface/tokenizers\`; in a browser take onnxruntime-web and fetch the files.

\`\`\`js
${example}\`\`\`

## How to make it again

    ${command}
    npx attune export ${trial}

Training is deterministic: the export checks that the parameters are those of the record.
`;
}

type Row = readonly [name: string, value: string];

function facts({ record, numVirtualTokens, check }: ModelCardCall): Row[] {
  const { method, model, data, training, formulation, pattern, seed, task } = record.config;
  const fractions = (scores: Readonly<Record<string, number>>) =>
    Object.entries(scores).map(([name, value]) => `${name} ${(100 * value).toFixed(1)}`);
  return [
    ['', ''],
    ['Base model', `${model.name} (${start(model)}, ${source(model)})`],
    ['Method', `${method.name} ${code(method.settings)}${numVirtualTokens > 0 ? ', prompt encoder run once' : ''}`],
    ['Task', `${task.name} version ${task.version}, posed as a ${formulation}${pattern ? `, pattern ${pattern}` : ''}`],
    [
      'Data',
      `${data.regime}: trained on ${data.trainSplit}, chosen on ${data.selectionSplit} (${data.hash.slice(0, 12)})`,
    ],
    ['Training', code(training)],
    ['Seed', String(seed)],
    [`Scores on ${data.reportedSplit}`, fractions(record.scores).join(', ')],
    ['Majority answer', fractions(record.majority).join(', ')],
    ['Chance', fractions(record.chance).join(', ')],
    ['Parameters', `${record.costs.trainableParameters} trained of ${record.costs.totalParameters}`],
    ['Trial', record.key],
    [
      'Checked',
      `${check.examples} examples, largest difference from the trained model ${check.difference.toExponential(1)}`,
    ],
  ];
}

function source({ hub, checkpointHash }: TrialRecord['config']['model']): string {
  const files = `checkpoint ${checkpointHash.slice(0, 12)}`;
  return hub === undefined ? files : `${hub.repo} at commit ${hub.commit}, ${files}`;
}

function start({ initialization }: TrialRecord['config']['model']): string {
  return initialization === 'checkpoint' ? 'pre-trained' : 'random weights';
}

function ports({ kind, labels }: ModelCardCall): Row[] {
  const axes = kind === 'choice' ? 'batch_size, num_choices, sequence_length' : 'batch_size, sequence_length';
  const logits = {
    classification: `[batch_size, ${labels.length}]`,
    cloze: `[batch_size, ${labels.length}]`,
    choice: '[batch_size, num_choices]',
    candidates: '[batch_size, sequence_length, vocabulary]',
    fill: '[batch_size, sequence_length, vocabulary]',
  };
  return [
    ['name', 'what it is'],
    ['`input_ids`', `int64 [${axes}]`],
    ['`attention_mask`', `int64 [${axes}], 1 at tokens, 0 at padding`],
    ['`token_type_ids`', `int64 [${axes}], 0 in the first segment, 1 in the second`],
    ['`logits`', `float32 ${logits[kind]}`],
  ];
}

/** Paragraphs. */
function usage({ kind, labels, numVirtualTokens }: ModelCardCall): string[] {
  const byKind = {
    classification: 'The texts are those of the task, in its segments; the largest logit is the answer.',
    choice: 'One sequence for each choice; the largest logit is the answer.',
    cloze:
      'The text is written in the pattern, with one [MASK]: the logits are the scores of the labels there (the mean\n' +
      "logit of a label's words), the largest is the answer. Of several masks the first counts.",
    candidates:
      'The text is written in the pattern with one [MASK] for each token of a candidate. The score of a candidate is the\n' +
      'sum over its masks of log softmax(logits at the mask) at the token; the largest is the answer.',
    fill:
      'The text is written in the pattern with a [MASK] for each token of the answer. Fill in the most probable token of\n' +
      'the most confident mask, and run again until no mask is left.',
  };
  const isLabelled = kind === 'classification' || kind === 'cloze';
  return [
    byKind[kind],
    ...(numVirtualTokens > 0 ? [virtualTokens(numVirtualTokens)] : []),
    ...(isLabelled ? [`Labels, in the order of the logits: ${labels.join(', ')}.`] : []),
  ];
}

function virtualTokens(count: number): string {
  const names = Array.from({ length: count }, (_, index) => virtualTokenText(index));
  return (
    `The pattern has trained pseudo tokens, ${names.join(' ')}: special tokens of tokenizer.json with ids behind the\n` +
    'vocabulary. The vectors that the prompt encoder gives them are in model.onnx.'
  );
}

function code(value: object): string {
  return `\`${JSON.stringify(value)}\``;
}

function table([head, ...rows]: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head!), '|---|---|', ...rows.map(line)].join('\n');
}
