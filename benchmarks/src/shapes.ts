/** A model and the batch it is trained on. */
export interface Shape {
  readonly name: string;
  /** What Hugging Face's `config.json` says, without dropout: both sides are built from this. */
  readonly config: Readonly<Record<string, unknown>> & { readonly model_type: string; readonly vocab_size: number };
  readonly batchSize: number;
  readonly length: number;
  /** Measured only when asked for by name. */
  readonly onlyByName?: boolean;
}

/** A BERT; the feed-forward is four times as wide as the hidden states. */
function bert(size: {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly positions?: number;
}): Shape['config'] {
  return {
    model_type: 'bert',
    vocab_size: size.vocabulary,
    hidden_size: size.hidden,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    intermediate_size: 4 * size.hidden,
    max_position_embeddings: size.positions ?? 128,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  };
}

const gpt2: Shape['config'] = {
  model_type: 'gpt2',
  vocab_size: 50_257,
  n_positions: 1_024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  resid_pdrop: 0,
  embd_pdrop: 0,
  attn_pdrop: 0,
};

/** 135 million parameters: the architecture of Llama, deep and narrow. */
const llama135m: Shape['config'] = {
  model_type: 'llama',
  vocab_size: 49_152,
  hidden_size: 576,
  intermediate_size: 1_536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  max_position_embeddings: 2_048,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
};

const [small, large] = [2_000, 30_522];

/**
 * The measured shapes by name: layers × hidden size. 12x768 is BERT-base. Those of full size are whole published
 * configurations with random weights.
 */
export const shapes: readonly Shape[] = [
  { name: '2x128', config: bert({ layers: 2, hidden: 128, heads: 2, vocabulary: small }), batchSize: 16, length: 32 },
  { name: '4x256', config: bert({ layers: 4, hidden: 256, heads: 4, vocabulary: small }), batchSize: 16, length: 64 },
  { name: '6x384', config: bert({ layers: 6, hidden: 384, heads: 12, vocabulary: large }), batchSize: 16, length: 64 },
  {
    name: '12x768',
    config: bert({ layers: 12, hidden: 768, heads: 12, vocabulary: large }),
    batchSize: 8,
    length: 128,
  },
  {
    name: 'bert-base-uncased',
    config: bert({ layers: 12, hidden: 768, heads: 12, vocabulary: large, positions: 512 }),
    ...{ batchSize: 8, length: 128, onlyByName: true },
  },
  { name: 'gpt2', config: gpt2, batchSize: 8, length: 128, onlyByName: true },
  { name: 'llama-135m', config: llama135m, batchSize: 8, length: 128, onlyByName: true },
];
