import { ConfigError, listed } from '@attune/base';
import type { LoadedModel } from '@attune/checkpoints/node';
import type { Attachment, ParameterRole, ParameterSpec } from '@attune/core';
import { type Objective, planParameters, sequencesOf } from '@attune/training';
import type { TrialPlan } from '../experiment/resolved.ts';
import { dataNotes } from './data-notes.ts';
import type { PreparedTrial } from './prepare-trial.ts';

/** Roles that a checkpoint may lack, as the loader's notes begin with them. */
const roles: readonly ParameterRole[] = ['pooler', 'lm-head'];

const shownNames = 3;

type Loaded = Pick<LoadedModel, 'model' | 'initialized' | 'dtypes' | 'notes'>;

/** A trial's plan and model, as far as it is known what the trial reads of the model. */
interface DrawnCall {
  readonly plan: Pick<TrialPlan, 'model' | 'formulation'>;
  readonly loaded: Pick<Loaded, 'model' | 'initialized'>;
  readonly objective: Pick<Objective, 'unusedRoles'>;
}

/** Parameters that the trial reads and the checkpoint lacks, so that they are drawn; none where all weights are. */
function drawnParameters({ plan, loaded, objective }: DrawnCall): ParameterSpec[] {
  if (plan.model.initialization === 'random') return [];
  const initialized = new Set(loaded.initialized);
  return loaded.model.parameters.filter(({ name, role }) => {
    return initialized.has(name) && !objective.unusedRoles.includes(role);
  });
}

/**
 * A cloze asks what a language model learnt; a head that was drawn has learnt nothing, and where it is frozen nothing ever
 * will.
 *
 * @throws ConfigError when the checkpoint lacks the language-model head that the trial reads, unless the experiment asks
 *   for a drawn one
 */
export function checkDrawn(call: DrawnCall): void {
  const { model } = call.plan;
  const drawn = drawnParameters(call).filter(({ role }) => role === 'lm-head');
  if (drawn.length === 0 || model.draw?.includes('lm-head') === true) return;
  throw new ConfigError(
    `model "${model.name}": the checkpoint has no language-model head (${namesOf(drawn)}), which formulation ` +
      `"${call.plan.formulation}" reads; take a checkpoint that has one, choose formulation: 'head', or ask for one that ` +
      `is drawn from the seed: { name: '${model.name}', directory: …, draw: ['lm-head'] }`,
  );
}

/** What a reader of the trial's record should know of its model and rows: drawn, ignored, cast, cut, lacking. A sentence each. */
export function preparationNotes(
  prepared: Omit<PreparedTrial, 'notes'>,
  { plan, loaded, maxLength }: { readonly plan: TrialPlan; readonly loaded: Loaded; readonly maxLength: number },
): readonly string[] {
  return [
    ...(plan.model.initialization === 'random' ? [] : loadingNotes({ plan, loaded, ...prepared })),
    ...untrainedNotes(prepared, plan),
    ...(plan.pattern !== undefined && plan.formulation === 'head'
      ? [`pattern "${plan.pattern}": a head reads none, so it has no effect`]
      : []),
    ...cutNotes(prepared, { plan, maxLength }),
    ...dataNotes(prepared, plan),
  ];
}

function loadingNotes(call: DrawnCall & { readonly loaded: Loaded; readonly attachment: Attachment }): string[] {
  const { loaded, attachment } = call;
  const drawn = drawnParameters(call);
  const drawnNotes = roles.flatMap((role) => {
    const own = drawn.filter((spec) => spec.role === role);
    if (own.length === 0) return [];
    const fate = own.some(attachment.isTrainable) ? 'trained' : 'left as it was drawn: the method does not train it';
    return [`${role}: not in the checkpoint (${namesOf(own)}), drawn from the trial's seed and ${fate}`];
  });
  // What the loader says of a part that may be missing, or of a head that is there, holds for all trials; which of them
  // it concerns is known here.
  const isSaidHere = (note: string) =>
    roles.some((role) => note.startsWith(`${role}:`)) || note.endsWith(': in the checkpoint');
  const others = loaded.notes.filter((note) => !isSaidHere(note));
  return [...drawnNotes, ...others, ...castNotes(loaded.dtypes)];
}

/** A method that has settings means to train something; zero-shot has none. */
function untrainedNotes(prepared: Omit<PreparedTrial, 'notes'>, { arm, formulation }: TrialPlan): string[] {
  if (Object.keys(arm.settings).length === 0 || planParameters(prepared).trainable.length > 0) return [];
  return [
    `${arm.method.name}: these settings leave nothing of the model to train under formulation "${formulation}", so it is ` +
      'evaluated as it is',
  ];
}

function castNotes(dtypes: Loaded['dtypes']): string[] {
  const others = [...new Set(dtypes.values())].filter((dtype) => dtype !== 'F32').sort();
  return others.length === 0 ? [] : [`weights: stored as ${listed(others)}, computed in F32`];
}

/** Whether a text was cut is known where it is cut; that a sequence has no room left can be seen here. */
function cutNotes(
  { train, select, report }: Pick<PreparedTrial, 'train' | 'select' | 'report'>,
  { plan, maxLength }: { readonly plan: TrialPlan; readonly maxLength: number },
): string[] {
  const { splits } = plan.data;
  const named = [
    [splits.train, train],
    [splits.select, select],
    [splits.report, report],
  ] as const;
  return [...new Map(named)].flatMap(([split, { formulated }]) => {
    const sequences = formulated.instances.flatMap(sequencesOf);
    const full = sequences.filter(({ inputIds }) => inputIds.length >= maxLength).length;
    if (full === 0) return [];
    return [
      `${split}: ${full} of ${sequences.length} sequences fill all ${maxLength} tokens; longer texts were cut to that`,
    ];
  });
}

function namesOf(specs: readonly ParameterSpec[]): string {
  const names = specs.slice(0, shownNames).map(({ name }) => name);
  const more = specs.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
