import type { Model } from '../contracts/model.ts';

/** What reading and writing checkpoints of one kind of model takes. */
export interface ModelFamily {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** Checks the content of config.json and makes the model. @throws ConfigError */
  readonly create: (config: unknown, where: string) => { readonly model: Model; readonly config: ModelConfig };
  /** The parameter's name here, for a name as some checkpoint has it. */
  readonly canonicalName: (stored: string) => string;
  /** Whether what is stored under a canonical name is no parameter but follows from the configuration. */
  readonly isBuffer?: (name: string) => boolean;
  /** Hugging Face's classes, the names in `architectures` of config.json, by head. */
  readonly architectures: {
    readonly classification: string;
    readonly choice: string;
    readonly languageModel: string;
  };
}

/** Checked content of a config.json, under its own names. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** How a family's parameters may be stored otherwise. */
interface StoredNames {
  /** Put before the names of a bare backbone, e.g. "bert". */
  readonly prefix: string;
  /** First parts of a backbone's names, e.g. "encoder". */
  readonly backbone: readonly string[];
}

/**
 * The name of a parameter here, for its name in a checkpoint: bare backbones lack the family's prefix, and conversions
 * of the original TensorFlow checkpoints say gamma and beta. Second names of one parameter are `Model.aliases`.
 */
export function canonicalNames({ prefix, backbone }: StoredNames): (stored: string) => string {
  return (stored) => {
    const renamed = stored
      .replace(/\bLayerNorm\.gamma$/, 'LayerNorm.weight')
      .replace(/\bLayerNorm\.beta$/, 'LayerNorm.bias');
    return backbone.some((part) => renamed.startsWith(`${part}.`)) ? `${prefix}.${renamed}` : renamed;
  };
}
