/** A BERT and the batch it is trained on; the feed-forward is four times as wide as the hidden states. */
export interface Shape {
  readonly name: string;
  readonly numLayers: number;
  readonly hiddenSize: number;
  readonly numHeads: number;
  readonly vocabSize: number;
  readonly batchSize: number;
  readonly length: number;
}

/** The measured shapes, by name: layers × hidden size. The last is BERT-base. */
export const shapes: readonly Shape[] = [
  { name: '2x128', numLayers: 2, hiddenSize: 128, numHeads: 2, vocabSize: 2_000, batchSize: 16, length: 32 },
  { name: '4x256', numLayers: 4, hiddenSize: 256, numHeads: 4, vocabSize: 2_000, batchSize: 16, length: 64 },
  { name: '6x384', numLayers: 6, hiddenSize: 384, numHeads: 12, vocabSize: 30_522, batchSize: 16, length: 64 },
  { name: '12x768', numLayers: 12, hiddenSize: 768, numHeads: 12, vocabSize: 30_522, batchSize: 8, length: 128 },
];

/** The shape as Hugging Face's `config.json` says it, without dropout: both sides are built from this. */
export function bertConfigOf(shape: Shape) {
  return {
    model_type: 'bert',
    vocab_size: shape.vocabSize,
    hidden_size: shape.hiddenSize,
    num_hidden_layers: shape.numLayers,
    num_attention_heads: shape.numHeads,
    intermediate_size: 4 * shape.hiddenSize,
    max_position_embeddings: Math.max(128, shape.length),
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  } as const;
}
