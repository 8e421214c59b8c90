import { codeLiteral } from '@attune/base';
import type { EncodedSequence, Instance } from '@attune/core';
import type { PreparedTrial } from '@attune/runner/node';
import { inferenceIds, sequencesOf } from '@attune/training';
import { Tokenizer } from '@huggingface/tokenizers';
import { paddingToken } from '../formats/padding-token.ts';
import { inferenceTokens } from '../formats/standalone-model.ts';
import type { exportedTokenizer } from '../formats/tokenizer-files.ts';
import type { RestoredTrial } from '../restore-trial.ts';

/** The text of a sequence as the exported tokenizer takes it: one segment or two. */
interface ExampleText {
  readonly text: string;
  readonly textPair?: string;
}

/**
 * A sequence as text that the exported tokenizer turns into the very same ids; undefined where no text does, because
 * tokens do not always say how they were written.
 */
export function exampleText(
  sequence: EncodedSequence,
  prepared: Pick<PreparedTrial, 'tokenizer'>,
  files: ReturnType<typeof exportedTokenizer>,
): ExampleText | undefined {
  const tokenizer = new Tokenizer(files.tokenizer, files.config);
  const ids = inferenceIds(sequence, inferenceTokens(prepared));
  const { tokenTypeIds } = sequence;
  const segments = [0, 1].map((type) => ids.filter((_, position) => tokenTypeIds[position] === type));
  // The tokenizer's own template puts [CLS] first and [SEP] behind each segment.
  const [first = '', second = ''] = segments.map((segment, type) => decoded(tokenizer, segment.slice(1 - type, -1)));
  const example = segments[1]!.length === 0 ? { text: first } : { text: first, textPair: second };
  const encoded = tokenizer.encode(first, {
    return_token_type_ids: true,
    ...(segments[1]!.length === 0 ? {} : { text_pair: second }),
  });
  const isSame = encoded.ids.join() === ids.join() && encoded.token_type_ids.join() === tokenTypeIds.join();
  return isSame ? example : undefined;
}

function decoded(tokenizer: Tokenizer, ids: readonly number[]): string {
  return ids.length === 0 ? '' : tokenizer.decode([...ids], { clean_up_tokenization_spaces: true });
}

const start = `import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const json = async (name) => JSON.parse(await readFile(here(name), 'utf8'));
const tokenizer = new Tokenizer(await json('tokenizer.json'), await json('tokenizer_config.json'));
const session = await ort.InferenceSession.create(here('model.onnx'));
`;

/** What an example runs: one instance, by the files of an export. */
interface ExampleCall {
  readonly instance: Instance;
  readonly trial: Pick<RestoredTrial, 'prepared' | 'loaded'>;
  /** The exported tokenizer. */
  readonly files: ReturnType<typeof exportedTokenizer>;
  /** Of the ONNX file. */
  readonly inputNames: readonly string[];
}

/** A Node program that runs the exported model on one instance; it needs onnxruntime-node and @huggingface/tokenizers. */
export function exampleCode(call: ExampleCall): string {
  const { instance, trial, inputNames } = call;
  const { prepared, loaded } = trial;
  const values: Readonly<Record<string, string>> = {
    input_ids: `tensor(encoded.map(({ ids }) => ids), ${paddingToken(loaded)?.id ?? prepared.tokenizer.specialIds.pad})`,
    attention_mask: 'tensor(encoded.map(({ ids }) => ids.map(() => 1)), 0)',
    token_type_ids: 'tensor(encoded.map(({ token_type_ids }) => token_type_ids), 0)',
  };
  return `${start}
// One sequence of ids${instance.kind === 'choice' ? ' for each choice' : ''}; shorter ones are padded on the right.
const encoded = [
${encodings(call)
  .map((line) => `  ${line},`)
  .join('\n')}
];
const length = Math.max(...encoded.map(({ ids }) => ids.length));
const tensor = (rows, filling) => {
  const values = rows.flatMap((row) => [...row, ...Array(length - row.length).fill(filling)]);
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), ${shapeOf(instance)});
};
const { logits } = await session.run({
${inputNames.map((name) => `  ${name}: ${values[name]},`).join('\n')}
});
${reading(instance, prepared)}`;
}

function shapeOf({ kind }: Instance): string {
  return kind === 'choice' ? '[1, rows.length, length]' : '[rows.length, length]';
}

/** Text where text gives the ids, else the ids. */
function encodings({ instance, trial: { prepared }, files, inputNames }: ExampleCall): readonly string[] {
  const hasTypes = inputNames.includes('token_type_ids');
  // Candidates are scored one by one, so one shows how.
  const sequences = instance.kind === 'choice' ? sequencesOf(instance) : sequencesOf(instance).slice(0, 1);
  return sequences.map((sequence) => {
    const example = exampleText(sequence, prepared, files);
    if (example === undefined) {
      const ids = inferenceIds(sequence, inferenceTokens(prepared));
      const types = hasTypes ? `, token_type_ids: ${JSON.stringify(sequence.tokenTypeIds)}` : '';
      return `{ ids: ${JSON.stringify(ids)}${types} }`;
    }
    const { text, textPair } = example;
    const options = [
      ...(textPair === undefined ? [] : [`text_pair: ${codeLiteral(textPair)}`]),
      ...(hasTypes ? ['return_token_type_ids: true'] : []),
    ];
    return `tokenizer.encode(${[codeLiteral(text), ...(options.length > 0 ? [`{ ${options.join(', ')} }`] : [])].join(', ')})`;
  });
}

function reading({ kind }: Instance, { tokenizer }: PreparedTrial): string {
  switch (kind) {
    case 'classification':
    case 'cloze':
      return `const { id2label } = await json('config.json');
const best = logits.data.indexOf(Math.max(...logits.data));
console.log(id2label[best], [...logits.data]);
`;
    case 'choice':
      return `const best = logits.data.indexOf(Math.max(...logits.data));
console.log(\`choice \${best + 1}\`, [...logits.data]);
`;
    case 'candidates':
    case 'fill':
      return `const [, , vocabSize] = logits.dims;
encoded[0].ids.forEach((id, position) => {
  if (id !== ${tokenizer.specialIds.mask}) return; // a mask
  const scores = logits.data.subarray(position * vocabSize, (position + 1) * vocabSize);
  const best = scores.reduce((winner, score, token) => (score > scores[winner] ? token : winner), 0);
  console.log(tokenizer.id_to_token(best), scores[best]);
});
`;
    default:
      return kind satisfies never;
  }
}
