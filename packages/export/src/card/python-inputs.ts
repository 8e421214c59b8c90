import { type EncodedSequence, inferenceIds } from '@attune/core';
import { inferenceTokens } from '../formats/standalone-model.ts';
import { exportedTokenizer, hasTokenTypes } from '../formats/tokenizer-files.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { exampleText } from './example-text.ts';

/** Lines that make `inputs` of some sequences: from text where text gives the ids, else from the ids. */
export function pythonInputs(sequences: readonly EncodedSequence[], trial: RestoredTrial): string[] {
  const { prepared, loaded } = trial;
  const files = exportedTokenizer(loaded, 0);
  const texts = sequences.flatMap((sequence) => exampleText(sequence, prepared, files) ?? []);
  const pairs = texts.flatMap(({ textPair }) => textPair ?? []);
  const isText = texts.length === sequences.length && [0, texts.length].includes(pairs.length);
  if (!isText) return fromIds(sequences, trial);
  const segments = [texts.map(({ text }) => text), ...(pairs.length === 0 ? [] : [pairs])];
  const given = segments.map((values) => JSON.stringify(values.length === 1 ? values[0] : values));
  const options = [
    ...(texts.length > 1 ? ['padding=True', 'padding_side="right"'] : []),
    ...(hasTokenTypes(prepared.model) ? ['return_token_type_ids=True'] : []),
    'return_tensors="pt"',
  ];
  // A tokenizer without a token for padding refuses to pad.
  const padding = `tokenizer.pad_token_id = ${prepared.tokenizer.specialIds.pad}`;
  return [...(texts.length > 1 ? [padding] : []), `inputs = tokenizer(${[...given, ...options].join(', ')})`];
}

function fromIds(sequences: readonly EncodedSequence[], { prepared }: RestoredTrial): string[] {
  const { model, tokenizer } = prepared;
  const length = Math.max(...sequences.map(({ inputIds }) => inputIds.length));
  const tensor = (name: string, rows: readonly (readonly number[])[], filling: number) => {
    const padded = rows.map((row) => [...row, ...new Array<number>(length - row.length).fill(filling)]);
    return `    "${name}": torch.tensor(${JSON.stringify(padded)}),`;
  };
  const ids = sequences.map((sequence) => inferenceIds(sequence, inferenceTokens(prepared)));
  const types = sequences.map(({ tokenTypeIds }) => tokenTypeIds);
  return [
    'inputs = {',
    tensor('input_ids', ids, tokenizer.specialIds.pad),
    ...(hasTokenTypes(model) ? [tensor('token_type_ids', types, 0)] : []),
    tensor(
      'attention_mask',
      ids.map((row) => row.map(() => 1)),
      0,
    ),
    '}',
  ];
}
