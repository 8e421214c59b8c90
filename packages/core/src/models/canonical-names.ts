/** How a family's parameters may be stored otherwise. */
interface StoredNames {
  /** Put before the names of a bare backbone, e.g. "bert". */
  readonly prefix: string;
  /** First parts of a backbone's names, e.g. "encoder". */
  readonly backbone: readonly string[];
  /** Other names of single parameters, e.g. of a tied decoder's bias; none when absent. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/**
 * The name of a parameter here, for its name in a checkpoint: bare backbones lack the family's prefix, conversions of
 * the original TensorFlow checkpoints say gamma and beta, and a shared tensor is stored under any of its names.
 */
export function canonicalNames({ prefix, backbone, aliases = {} }: StoredNames): (stored: string) => string {
  return (stored) => {
    const renamed = stored
      .replace(/\bLayerNorm\.gamma$/, 'LayerNorm.weight')
      .replace(/\bLayerNorm\.beta$/, 'LayerNorm.bias');
    const bare = backbone.some((part) => renamed.startsWith(`${part}.`)) ? `${prefix}.${renamed}` : renamed;
    return Object.hasOwn(aliases, bare) ? aliases[bare]! : bare;
  };
}
