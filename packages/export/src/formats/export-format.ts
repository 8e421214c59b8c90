import type { HostTensors } from '@attune/base';
import type { Engine } from '@attune/engine';
import type { RestoredTrial } from '../restore-trial.ts';

/** How many examples were compared with the trained model, and their largest difference. */
export interface OutputCheck {
  readonly examples: number;
  readonly difference: number;
}

/** A trial with what it trained, and an engine to compute with. */
export interface ExportedTrial extends RestoredTrial {
  readonly trained: HostTensors;
  readonly engine: Engine;
  /** Where the export goes. */
  readonly folder: string;
}

/** What a model card says of one format. */
export interface FormatCard {
  /** As the hub names it. */
  readonly libraryName: string;
  readonly tags: readonly string[];
  /** The pipeline that would run the files; absent where they need code of their own. */
  readonly pipelineTag?: string;
  /** How the base model became these files; `base_model_relation` of the hub. */
  readonly relation: 'finetune' | 'adapter';
  /** A paragraph: what the files are. */
  readonly about: string;
  /** Markdown sections: how to use them. */
  readonly usage: string;
}

/** A model ready to be written. */
export interface MadeExport {
  readonly check: OutputCheck;
  readonly card: FormatCard;
  /** Writes every file but README.md to a folder that is there and empty. */
  readonly write: (folder: string) => Promise<void>;
}

/** One of the forms that a trained model leaves in. */
export interface ExportFormat {
  /** Why a trial has no such form; undefined where it has. Asked before anything is trained. */
  readonly problem: (trial: RestoredTrial) => string | undefined;
  /** @throws ConfigError when its outputs are not the trained model's */
  readonly make: (trial: ExportedTrial) => Promise<MadeExport>;
}
