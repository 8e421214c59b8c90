const backbone = /^(embed_tokens|layers|norm)\./;

/** The name of a parameter here, for its name in a checkpoint: bare decoders lack the `model.` prefix. */
export function canonicalLlamaName(stored: string): string {
  return backbone.test(stored) ? `model.${stored}` : stored;
}

/** Frequencies of rotary positions that older files hold beside the parameters. */
export function isLlamaBuffer(name: string): boolean {
  return /\.rotary_emb\.inv_freq$/.test(name);
}
