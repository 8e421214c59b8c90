import type { FineTuningMethod, Formulation } from '@attune/core';
import { describe } from 'vitest';
import type { TinyModel } from '../tiny-model.ts';
import { attachmentContract } from './attachment-contract.ts';
import { settingsContract } from './settings-contract.ts';
import { trainingContract } from './training-contract.ts';

/** What one method package says of itself to be held to the contract. */
export interface MethodContract<Settings> {
  readonly method: FineTuningMethod<Settings>;
  /** As written in an experiment, by title; every one goes through the whole contract. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The formula of the method's README. */
  readonly trainableParameters: (call: CountCall<Settings>) => number;
  /** Settings that must be refused, and the field that the message must name. */
  readonly refused: readonly (readonly [settings: unknown, field: string])[];
}

export interface CountCall<Settings> {
  readonly settings: Settings;
  readonly config: TinyModel['config'];
  readonly formulation: Formulation;
  /** Scalars that the formulation reads: all of the backbone but what it leaves out, and of a new head. */
  readonly backbone: number;
  readonly head: number;
}

/**
 * The contract of every fine-tuning method, run over a tiny model in both formulations:
 * attaching changes nothing exactly where that is promised; three steps move each trainable parameter and leave
 * frozen ones bit-identical; merged equals attached; saved and loaded equals kept; the parameter count is the
 * formula's; the same seed gives the same losses; bad settings are refused by field.
 */
export function methodContract<Settings>(contract: MethodContract<Settings>): void {
  describe(`method contract: ${contract.method.name}`, () => {
    settingsContract(contract);
    for (const [title, settings] of Object.entries(contract.settings)) {
      for (const formulation of ['head', 'cloze'] as const) {
        describe(`${title}, ${formulation}`, () => {
          const held = { contract, settings: contract.method.settings.parse(settings), formulation };
          attachmentContract(held);
          trainingContract(held);
        });
      }
    }
  });
}

/** One method with parsed settings under one formulation. */
export interface Held<Settings> {
  readonly contract: MethodContract<Settings>;
  readonly settings: Settings;
  readonly formulation: Formulation;
}
