import { ConfigError, type Tensors } from '@attune/base';
import { evaluationContext, firstPositions, type Hooks, type Model } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { modelInputs, named, type Objective, type ObjectiveCall } from '../objectives/objective.ts';

/** Ids with a meaning of their own in a model that stands alone. */
export interface InferenceTokens {
  /** Asks for an answer. A causal model's tokenizer may have no such token: then it is one that texts have as well. */
  readonly mask: number;
  /** How many special tokens stand behind a text. */
  readonly numSuffix: number;
  /** What stands in the text where a pseudo token's embedding goes; any id of the vocabulary would do. */
  readonly unknown: number;
  /** The first pseudo token; the k-th, from 0, is `firstVirtual + k`. Every id of the vocabulary is below it. */
  readonly firstVirtual: number;
}

/** The trained model, and which of its outputs are wanted. */
export interface InferenceCall {
  readonly model: Model;
  readonly objective: Objective;
  readonly hooks: Hooks;
  readonly numVirtualTokens: number;
  readonly tokens: InferenceTokens;
}

/** A trained model as a function of token ids alone, under the names that Hugging Face's Optimum exports have. */
export interface Inference {
  /** Open sizes; the length has a largest one. */
  readonly sizes: readonly { readonly name: string; readonly max?: number }[];
  /** All int32, each with the open sizes as its shape: `input_ids`, `attention_mask`, `token_type_ids`. */
  readonly inputs: readonly { readonly name: string; readonly dtype: 'int32'; readonly shape: readonly string[] }[];
  /** Output: `logits`, see `createInference`. */
  readonly run: (call: { readonly weights: Tensors; readonly inputs: Tensors }) => Tensors;
}

/**
 * The forward pass as its users want it, with no input but what a tokenizer gives. By kind of objective:
 *
 * | kind | inputs | logits |
 * |---|---|---|
 * | classification | [batch_size, sequence_length] | of the labels [batch_size, labels] |
 * | choice | [batch_size, num_choices, sequence_length] | of the choices [batch_size, num_choices] |
 * | cloze | [batch_size, sequence_length] | label scores at each sequence's mask, see `answersAt` [batch_size, labels] |
 * | candidates, fill | [batch_size, sequence_length] | of the vocabulary [batch_size, sequence_length, vocabSize] |
 *
 * Pseudo tokens are ids behind the vocabulary, so that they need no input of their own.
 *
 * @throws ConfigError for candidates of a causal model
 */
export function createInference(call: InferenceCall): Inference {
  refuseSpelledOut(call);
  const grouped = call.objective.kind === 'choice';
  const axes = ['batch_size', ...(grouped ? ['num_choices'] : []), 'sequence_length'];
  return {
    sizes: axes.map((name) => (name === 'sequence_length' ? { name, max: call.model.maxLength } : { name })),
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({ name, dtype: 'int32', shape: axes })),
    run: ({ weights, inputs }) => new Map([['logits', logits(call, weights, inputs)]]),
  };
}

/** A causal model reads a candidate's tokens before it is asked for the next: its input is no text with masks. */
function refuseSpelledOut({ model, objective }: InferenceCall): void {
  if (objective.kind !== 'candidates' || model.languageModel !== 'causal') return;
  throw new ConfigError(
    `${model.family}: candidates of a causal language model cannot be exported; pose the task with a classification head`,
  );
}

function logits(call: InferenceCall, parameters: Tensors, inputs: Tensors): tf.Tensor {
  const { objective, model, hooks } = call;
  const forward: ObjectiveCall = { parameters, batch: batchOf(call, inputs), hooks, context: evaluationContext };
  switch (objective.kind) {
    case 'classification':
    case 'cloze':
      return scores(objective, forward);
    case 'choice': {
      const [batchSize = 0, numChoices = 0] = named(inputs, 'input_ids').shape;
      return tf.reshape(scores(objective, forward), [batchSize, numChoices]);
    }
    case 'candidates':
    case 'fill':
      return vocabularyLogits(model, forward);
    default:
      return objective.kind satisfies never;
  }
}

function scores(objective: Objective, forward: ObjectiveCall): tf.Tensor {
  return named(objective.outputs(forward), 'scores');
}

/** At every position: who reads it chooses the masks. */
function vocabularyLogits(model: Model, forward: ObjectiveCall): tf.Tensor {
  const { last } = model.encode({ ...forward, inputs: modelInputs(forward.batch) });
  const [batchSize, length, hiddenSize] = last.shape;
  const hidden = tf.reshape(last, [batchSize * length, hiddenSize]) as tf.Tensor2D;
  const rows = model.languageModelLogits({ hidden, parameters: forward.parameters });
  return tf.reshape(rows, [batchSize, length, model.vocabSize]);
}

/** The batch that an objective's evaluation reads, from the inputs. */
function batchOf(call: InferenceCall, inputs: Tensors): Tensors {
  const { objective, tokens, numVirtualTokens } = call;
  const ids = asRows(named(inputs, 'input_ids'));
  const attentionMask = asRows(named(inputs, 'attention_mask'));
  const batch = new Map<string, tf.Tensor>([
    ['inputIds', ids],
    ['attentionMask', attentionMask],
    ['tokenTypeIds', asRows(named(inputs, 'token_type_ids'))],
  ]);
  if (numVirtualTokens > 0) {
    // Integer arithmetic: 1 at a pseudo token, else 0.
    const isVirtual = tf.cast(tf.greaterEqual(ids, integer(tokens.firstVirtual)), 'int32');
    batch.set('inputIds', tf.sub(ids, tf.mul(isVirtual, tf.sub(ids, integer(tokens.unknown)))));
    batch.set('virtualTokenIndex', tf.mul(isVirtual, tf.sub(ids, integer(tokens.firstVirtual - 1))));
  }
  if (objective.kind === 'cloze') batch.set('maskPositions', answersAt(call, ids, attentionMask));
  return batch;
}

/** [..., length] as [sequences, length]. */
function asRows(input: tf.Tensor): tf.Tensor2D {
  const length = input.shape.at(-1)!;
  return tf.reshape(input, [input.shape.slice(0, -1).reduce((a, b) => a * b, 1), length]);
}

/**
 * Where the model answers for the mask of each sequence, as row · length + position, [sequences, 1]: at the first one,
 * or, when it predicts the next token, before the last one of the text, since nothing is read after it and an earlier
 * one may be an unknown word. At the first position when there is no mask.
 */
function answersAt({ model, tokens }: InferenceCall, ids: tf.Tensor2D, attentionMask: tf.Tensor2D): tf.Tensor2D {
  const [sequences, length] = ids.shape;
  const isMask = tf.cast(tf.equal(ids, integer(tokens.mask)), 'int32');
  const isCausal = model.languageModel === 'causal';
  const positions = isCausal ? beforeLast(tf.mul(isMask, isOfText(attentionMask, tokens))) : tf.argMax(isMask, 1);
  return tf.reshape(tf.add(positions, firstPositions(sequences, length)), [sequences, 1]);
}

/** 1 at the tokens of a text and what stands before it, 0 at its suffix and padding. */
function isOfText(attentionMask: tf.Tensor2D, { numSuffix }: InferenceTokens): tf.Tensor {
  const ends = tf.sub(tf.sum(attentionMask, 1, true), integer(numSuffix));
  return tf.cast(tf.less(rowPlaces(attentionMask.shape[1]), ends), 'int32');
}

/** The position before the last 1 of each row, 0 where there is none. */
function beforeLast(rows: tf.Tensor): tf.Tensor {
  const last = tf.max(tf.mul(rows, rowPlaces(rows.shape[1]!)), 1);
  return tf.maximum(tf.sub(last, integer(1)), integer(0));
}

/** 0, 1, 2, … [1, length], for any length as `firstPositions` is. */
const rowPlaces = (length: number) => tf.reshape(firstPositions(length, 1), [1, length]);

const integer = (value: number) => tf.scalar(value, 'int32');
