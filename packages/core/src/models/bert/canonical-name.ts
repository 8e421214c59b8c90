const backbone = /^(embeddings|encoder|pooler)\./;

/**
 * The name of a parameter here, for its name in a checkpoint: bare encoders lack the `bert.` prefix, conversions of
 * the original TensorFlow checkpoints say gamma and beta, and a tied decoder's bias is stored under either name.
 */
export function canonicalBertName(stored: string): string {
  const renamed = stored
    .replace(/\bLayerNorm\.gamma$/, 'LayerNorm.weight')
    .replace(/\bLayerNorm\.beta$/, 'LayerNorm.bias');
  if (renamed === 'cls.predictions.decoder.bias') return 'cls.predictions.bias';
  return backbone.test(renamed) ? `bert.${renamed}` : renamed;
}
