const backbone = /^(wte|wpe|h|ln_f)\./;

/** The name of a parameter here, for its name in a checkpoint: the original files lack the `transformer.` prefix. */
export function canonicalGpt2Name(stored: string): string {
  return backbone.test(stored) ? `transformer.${stored}` : stored;
}

/** Causal masks that older files hold beside the parameters. */
export function isGpt2Buffer(name: string): boolean {
  return /^transformer\.h\.\d+\.attn\.(bias|masked_bias)$/.test(name);
}
