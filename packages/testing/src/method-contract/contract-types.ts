import type { HostTensors } from '@attune/base';
import type { FineTuningMethod, Formulation, Model } from '@attune/core';
import type { TinyModel } from '../tiny-model.ts';

/** What one method package says of itself to be held to the contract. */
export interface MethodContract<Settings> {
  readonly method: FineTuningMethod<Settings>;
  /** As written in an experiment, by title; every one goes through the whole contract, on a BERT. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings for families that the defaults do not suit, by `Model.family`. */
  readonly familySettings?: Readonly<Record<string, unknown>>;
  /** The formula of the method's README, for a BERT. */
  readonly trainableParameters: (call: CountCall<Settings>) => number;
  /** Hugging Face PEFT has the method: what it trained can then be written as its files, and else cannot. */
  readonly peft?: true;
  /** Settings that must be refused, and the field that the message must name. */
  readonly refused: readonly (readonly [settings: unknown, field: string])[];
}

/** What the formula of a parameter count may read. */
export interface CountCall<Settings> {
  readonly settings: Settings;
  readonly config: TinyModel['config'];
  readonly formulation: Formulation;
  /** Scalars that the formulation reads: all of the backbone but what it leaves out, and of a new head. */
  readonly backbone: number;
  readonly head: number;
}

/** The model that a method is attached to. */
export type ContractSubject = { readonly model: Model; readonly values: HostTensors };

/** One method with parsed settings on one model under one formulation. */
export interface Held<Settings> {
  readonly contract: MethodContract<Settings>;
  readonly subject: ContractSubject;
  readonly settings: Settings;
  readonly formulation: Formulation;
}
