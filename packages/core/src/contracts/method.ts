import type { HostTensors, RandomSource } from '@attune/base';
import type { z } from 'zod';
import type { Hooks, Model, ParameterSpec, SequenceHeadKind } from './model.ts';

/** A way of fine-tuning. The formulation (a new head, or a cloze) is not its business. */
export interface FineTuningMethod<Settings = unknown> {
  readonly name: string;
  /** Parses and defaults the settings; an experiment file is checked against it before anything runs. */
  readonly settings: z.ZodType<Settings>;
  attach(call: AttachCall<Settings>): Attachment;
}

/** What a method is attached to, and with what. */
export interface AttachCall<Settings> {
  readonly model: Model;
  /** Backbone values, for methods that start from them. Read by `initialValues` alone, see there. */
  readonly values: HostTensors;
  readonly settings: Settings;
  readonly random: RandomSource;
}

/** What a method adds to a model. All weights stay in the parameter map; hooks close over names only. */
export interface Attachment {
  /** Specs of new adapter parameters (role 'adapter'). */
  readonly parameters: readonly ParameterSpec[];
  /**
   * Makes their initial values, in the order of `parameters`: everything else describes the attachment without weights,
   * so that its cost is known before a checkpoint is loaded. Each call draws the same values anew.
   */
  readonly initialValues: () => HostTensors;
  /** Over the parameters of backbone, new head and adapter alike. */
  readonly isTrainable: (parameter: ParameterSpec) => boolean;
  readonly hooks: Hooks;
  /** Pseudo tokens that patterns must leave room for; 0 for most methods. */
  readonly numVirtualTokens: number;
  /**
   * The promise that the attached model computes exactly what the plain one does until something is trained; but for
   * rounding where the plain one need not compute a projection that the method reaches, see `LinearHook.targets`.
   */
  readonly unchangedAtStart?: boolean;
  /** Factor on the learning rate of one parameter; 1 when absent. */
  readonly learningRateScale?: (parameter: ParameterSpec) => number;
  /** Backbone values with the adapter folded in, such that the plain model computes the same. */
  readonly merge?: (values: HostTensors) => HostTensors;
  /** What was trained as Hugging Face PEFT stores it, all of it; absent where PEFT has no such adapter. */
  readonly toPeft?: (call: PeftCall) => PeftFiles;
}

/** What of a trained model goes into a PEFT adapter, and what that adapter says of its base. */
export interface PeftCall {
  /** Trained values: the adapter's, and those of the new head if there is one. Others are left out. */
  readonly values: HostTensors;
  /** What the new head is for, where a family has one name for both; a classification when absent. */
  readonly head?: SequenceHeadKind;
  /** Hub name or local path of the base model, for PEFT's automatic loaders. */
  readonly baseModel?: string;
  /** Commit of the base model on the hub. */
  readonly revision?: string;
}

/** The two files of a directory that Hugging Face PEFT loads. */
export interface PeftFiles {
  /** Text of `adapter_config.json`. */
  readonly config: string;
  /** Tensors of `adapter_model.safetensors`. */
  readonly tensors: HostTensors;
}

/** A model as it is: nothing added, nothing trained. */
export const nothingAttached: Attachment = {
  parameters: [],
  initialValues: () => new Map(),
  isTrainable: () => false,
  hooks: {},
  numVirtualTokens: 0,
  unchangedAtStart: true,
};
