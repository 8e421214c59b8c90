import { readdirSync, readFileSync } from 'node:fs';
import type { HostTensor, HostTensors } from '@attune/base';
import { readSafetensors } from '@attune/checkpoints';
import { type Model, modelFamily, type ParameterSpec, type SequenceHead } from '@attune/core';
import type { Closeness } from '../closeness.ts';

/** What a fixture may have on top of a model. */
const parityHeads = ['language-model', 'replaced-token', 'classification', 'choice'] as const;
/** One of them. */
type ParityHead = (typeof parityHeads)[number];

/** One head of one family: a tiny model and what the reference implementation computes with it. */
export interface ParityCase {
  readonly title: string;
  /** `model_type` of the configuration. */
  readonly family: string;
  readonly head: ParityHead;
  readonly model: Model;
  /** Absent where the head of pre-training is meant. */
  readonly sequenceHead?: SequenceHead;
  /** The model's and the head's parameters that are read, as the reference implementation saved them. */
  readonly values: HostTensors;
  /** Inputs under the names of an objective's batch, and `labels`. */
  readonly batch: HostTensors;
  /** `hidden_states.0` …, `logits`, `loss`, `gradients.<parameter>` by our names; 0 at padding. */
  readonly expected: HostTensors;
  readonly tolerance: Closeness;
}

interface Manifest {
  readonly tolerance: Closeness;
  readonly heads: readonly ParityHead[];
}

const fixtures = new URL('../../fixtures/models/', import.meta.url);
const inputNames: Readonly<Record<string, string>> = {
  input_ids: 'inputIds',
  token_type_ids: 'tokenTypeIds',
  attention_mask: 'attentionMask',
};

/** Every head of every family that `scripts/fixtures/models` wrote. */
export function parityCases(): ParityCase[] {
  return readdirSync(fixtures)
    .sort()
    .flatMap((family) => {
      const { heads, tolerance } = readJson(`${family}/manifest.json`) as Manifest;
      return heads.map((head) => readCase({ folder: `${family}/${head}`, head, tolerance }));
    });
}

function readCase(of: {
  readonly folder: string;
  readonly head: ParityHead;
  readonly tolerance: Closeness;
}): ParityCase {
  const { folder, head } = of;
  const config = readJson(`${folder}/config.json`);
  const family = modelFamily(config, folder);
  const { model } = family.create(config, folder);
  const stored = renamed(readTensors(`${folder}/model.safetensors`), family.canonicalName);
  const reference = readTensors(`${folder}/reference.safetensors`);
  const sequenceHead =
    head === 'language-model' || head === 'replaced-token'
      ? undefined
      : model.sequenceHead(head, head === 'choice' ? 1 : numLabels(config));
  return {
    title: `${folder.replace('/', ': ')}`,
    family: family.modelType,
    head,
    model,
    ...(sequenceHead === undefined ? {} : { sequenceHead }),
    values: exactly(readParameters(model, sequenceHead), stored, folder),
    batch: batchOf(reference),
    expected: renamed(outputsOf(reference), (name) => gradientName(name, family.canonicalName)),
    tolerance: of.tolerance,
  };
}

/** What the head reads of the model, and its own. */
function readParameters(model: Model, head: SequenceHead | undefined): readonly ParameterSpec[] {
  const unused = head?.unusedRoles ?? ['pooler', 'classifier'];
  return [...model.parameters.filter(({ role }) => !unused.includes(role)), ...(head?.parameters ?? [])];
}

/** The stored tensors must be those that the model reads, no more and no less. */
function exactly(specs: readonly ParameterSpec[], stored: HostTensors, folder: string): HostTensors {
  const names = specs.map(({ name }) => name);
  const given = [...stored.keys()].sort().join(', ');
  if (given !== [...names].sort().join(', ')) {
    throw new Error(`${folder}: expected the tensors ${[...names].sort().join(', ')}; got ${given}`);
  }
  return new Map(names.map((name) => [name, stored.get(name)!]));
}

function batchOf(reference: HostTensors): HostTensors {
  const inputs = [...reference].flatMap(([name, tensor]) => {
    const known = inputNames[name.replace(/^inputs\./, '')];
    return known === undefined ? [] : [[known, tensor] as const];
  });
  const ids = reference.get('inputs.input_ids')!;
  const zeros: HostTensor = { ...ids, data: new Int32Array(ids.data.length) };
  return new Map([['tokenTypeIds', zeros], ...inputs, ['labels', reference.get('labels')!]]);
}

function outputsOf(reference: HostTensors): HostTensors {
  return new Map([...reference].filter(([name]) => name !== 'labels' && !name.startsWith('inputs.')));
}

function gradientName(name: string, canonicalName: (stored: string) => string): string {
  const path = 'gradients.';
  return name.startsWith(path) ? `${path}${canonicalName(name.slice(path.length))}` : name;
}

function renamed(tensors: HostTensors, rename: (name: string) => string): HostTensors {
  return new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));
}

/** The reference implementation writes no number, only the labels' names, and two of them not at all. */
function numLabels(config: unknown): number {
  return Object.keys((config as { readonly id2label?: object }).id2label ?? { 0: '', 1: '' }).length;
}

function readTensors(path: string): HostTensors {
  return readSafetensors(readFileSync(new URL(path, fixtures)), path).tensors;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
}
