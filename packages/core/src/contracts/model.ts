import type { NoiseRequest, Tensors } from '@attune/base';
import type * as tf from '@tensorflow/tfjs-core';

/** How a new parameter starts: constants, N(0, stddev²), or uniform in [-bound, bound). */
export type Initializer =
  | { readonly kind: 'zeros' | 'ones' }
  | { readonly kind: 'normal'; readonly stddev: number }
  | { readonly kind: 'uniform'; readonly bound: number };

/** Which part of a model a parameter belongs to; freezing and counting go by it. */
export type ParameterRole =
  | 'embeddings'
  | 'encoder'
  /** The normalisation above the last layer of a pre-norm model. */
  | 'final-norm'
  | 'pooler'
  | 'lm-head'
  | 'classifier'
  | 'adapter';

/** One parameter: its checkpoint name and orientation, never a module. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** Encoder layer, counted from 0 at the bottom; absent outside layers, and where several layers share it. */
  readonly layer?: number;
  readonly initializer: Initializer;
  /** Weight decay applies unless false (biases and layer norms). */
  readonly decay: boolean;
}

/**
 * A second name for a parameter: the reference implementation has two modules that share it, and its files hold either
 * name, or both.
 */
export interface ParameterAlias {
  readonly alias: string;
  /** The parameter's name here. */
  readonly name: string;
  /**
   * Whether the two are one tensor there, as `tie_word_embeddings` says. If not, there are two, of which the one under
   * the alias is read, so that files need it too.
   */
  readonly isTied: boolean;
}

/**
 * What a projection computes within its layer, whatever the family calls it. `query-key-value` is all three in one, a
 * third of the output each, in this order (GPT-2). A feed-forward without a gate is out(f(in(x))), one with a gate
 * out(f(gate(x)) · in(x)), f being the activation.
 */
export type ProjectionKind =
  | 'query'
  | 'key'
  | 'value'
  | 'query-key-value'
  | 'attention-output'
  | 'feed-forward-in'
  | 'feed-forward-gate'
  | 'feed-forward-out';

/**
 * A linear projection that a hook can reach: y = x Wᵀ + b, with a bias or without. Those are the ones inside the layers;
 * poolers, heads and what widens narrow embeddings are out of reach.
 */
export interface ProjectionSpec {
  readonly kind: ProjectionKind;
  /**
   * Module path, e.g. "bert.encoder.layer.3.attention.self.query"; its weight is `${name}.weight`, [outputSize,
   * inputSize].
   */
  readonly name: string;
  /** Absent where several layers share it. */
  readonly layer?: number;
  readonly inputSize: number;
  readonly outputSize: number;
  /** The weight is stored as [inputSize, outputSize], as in GPT-2; PEFT's `fan_in_fan_out`. */
  readonly fanInFanOut?: boolean;
}

/** Encoded sequences, right- or left-padded to one length. All int32 [batch, length]. */
export interface ModelInputs {
  readonly inputIds: tf.Tensor2D;
  readonly tokenTypeIds: tf.Tensor2D;
  readonly attentionMask: tf.Tensor2D;
  /** Place of each token in its sequence, from 0. Counted from the left edge when absent: right for padding there. */
  readonly positions?: tf.Tensor2D;
  /** 0 for ordinary tokens, k for the k-th pseudo token (from 1). Present when the method has pseudo tokens. */
  readonly virtualTokenIndex?: tf.Tensor2D;
}

/** What a forward pass may vary by: dropout and nothing else. */
export interface ForwardContext {
  readonly training: boolean;
  readonly noise: (request: NoiseRequest) => tf.Tensor;
  /** Layers below this one run without dropout (all their parameters are frozen); 0 keeps the embeddings' too. */
  readonly firstNoisyLayer: number;
  /** Replaces every dropout rate of the model's config, a rate of 0 included; adapters keep their own rates. */
  readonly dropout?: number;
}

/** One linear projection about to work, as a method sees it. Rows are the positions that it is computed for. */
interface LinearInputCall {
  /** Path of the projection, see `ProjectionSpec`. */
  readonly name: string;
  /** The name, and in which layer when several share it: unique within a forward pass, for dropout. */
  readonly site: string;
  /** What the model gives it, before any hook: [rows, inputSize] */
  readonly input: tf.Tensor;
  /** The whole map: backbone, new head and adapter. */
  readonly parameters: Tensors;
  readonly context: ForwardContext;
}

/** One linear projection that has worked. */
interface LinearOutputCall extends LinearInputCall {
  /** W x + b, of what the input hook made of `input`: [rows, outputSize] */
  readonly output: tf.Tensor;
}

/**
 * What a method does to linear projections: y = output(W · input(x) + b). A part that is absent is the identity and
 * costs nothing; one that leaves a projection alone returns the very tensor it was given.
 */
export interface LinearHook {
  /**
   * Paths of the projections that it reaches; all when absent. Keys and values of a last layer that no method reaches
   * need not be computed at all, see `encodeRows`.
   */
  readonly targets?: ReadonlySet<string>;
  /** What takes the input's place before the product, of its shape. */
  readonly input?: (call: LinearInputCall) => tf.Tensor;
  /** What takes the output's place, of its shape. */
  readonly output?: (call: LinearOutputCall) => tf.Tensor;
}

/** Where a method reaches into a model. Absent means identity. Hooks read adapter weights from `parameters`. */
export interface Hooks {
  readonly linear?: LinearHook;
  /** After the word-embedding lookup, before position and type embeddings. [batch, length, width of that table] */
  readonly inputEmbeddings?: (call: {
    readonly embeddings: tf.Tensor3D;
    readonly inputs: ModelInputs;
    readonly parameters: Tensors;
    readonly context: ForwardContext;
  }) => tf.Tensor3D;
  /** Keys and values put before a layer's own: each [batch, numHeads or key/value heads, prefixLength, headSize]. */
  readonly keyValuePrefix?: (call: {
    readonly layer: number;
    readonly batchSize: number;
    readonly parameters: Tensors;
    readonly context: ForwardContext;
  }) => { readonly key: tf.Tensor4D; readonly value: tf.Tensor4D } | undefined;
}

/** What a head over whole sequences is for; some families read another vector for a choice. */
export type SequenceHeadKind = 'classification' | 'choice';

/** A head that gives each sequence some numbers, as the family's reference implementation has it. */
export interface SequenceHead {
  /** Under the family's own names (role 'classifier'), beside the model's parameters. */
  readonly parameters: readonly ParameterSpec[];
  /** Roles among the model's parameters that the head does not read. */
  readonly unusedRoles: readonly ParameterRole[];
  /** [batch, numOutputs]. Computes no position of the last layer that the head does not read. */
  logits(call: ForwardCall): tf.Tensor2D;
}

/** A pure function from parameters and a batch to hidden states, with heads on top. */
export interface Model {
  readonly family: string;
  /**
   * What the head of pre-training predicts at a position: its own token, seen from both sides; the next one; or
   * whether its token was replaced, which no task can be posed by.
   */
  readonly languageModel: 'masked' | 'causal' | 'replaced-token';
  readonly hiddenSize: number;
  readonly vocabSize: number;
  readonly numLayers: number;
  readonly maxLength: number;
  /** Backbone, pooler and language-model head, in checkpoint order. Tied weights appear once. */
  readonly parameters: readonly ParameterSpec[];
  /** Names that are none of the parameters', under which checkpoints have one of them. */
  readonly aliases: readonly ParameterAlias[];
  readonly projections: readonly ProjectionSpec[];
  /**
   * Last hidden states [batch, length, hiddenSize], normalised where there is a norm above the layers. `hiddenStates`
   * has the embeddings first, then each layer, and `last` in the place of the top one.
   */
  encode(call: ForwardCall): { readonly last: tf.Tensor3D; readonly hiddenStates: readonly tf.Tensor3D[] };
  /**
   * Last hidden states of some positions only, equal to gathering them from `encode`: [batch · slots, hiddenSize]. The
   * last layer's queries, output projection and feed-forward run for these alone; and where one position of each
   * sequence is read, the last layer of an encoder and of GPT-2 computes neither keys nor values.
   *
   * @param call.rows  int32 [batch, slots]: positions in sequence b as b · length + position
   */
  encodeRows(call: ForwardCall & { readonly rows: tf.Tensor2D }): tf.Tensor2D;
  /** A new head: one output for each label, or a single one for each of several choices. */
  sequenceHead(kind: SequenceHeadKind, numOutputs: number): SequenceHead;
  /**
   * Vocabulary logits for gathered hidden states [rows, hiddenSize]: [rows, vocabSize], or [rows, ids] of the given
   * tokens alone.
   *
   * @throws ConfigError when the model tells replaced tokens alone
   */
  languageModelLogits(call: LanguageModelCall): tf.Tensor2D;
  /** Logits that tokens were replaced, of a model that tells that: [rows]. */
  replacedTokenLogits?(call: Omit<LanguageModelCall, 'ids'>): tf.Tensor1D;
}

/** Hidden states whose words are asked for, [rows, hiddenSize], and the parameters to ask with. */
export interface LanguageModelCall {
  readonly hidden: tf.Tensor2D;
  readonly parameters: Tensors;
  /** Token ids whose logits are wanted; the whole vocabulary when absent. */
  readonly ids?: readonly number[];
}

/** One forward pass: everything that it depends on. */
export interface ForwardCall {
  readonly parameters: Tensors;
  readonly inputs: ModelInputs;
  readonly hooks: Hooks;
  readonly context: ForwardContext;
}
