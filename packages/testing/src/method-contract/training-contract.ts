import { type HostTensors, hashTensors } from '@attune/base';
import { readSafetensors, writeSafetensors } from '@attune/checkpoints';
import { type Attachment, countParameters, type ParameterSpec } from '@attune/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { attach } from './attachment-contract.ts';
import {
  type ContractTrained,
  contractObjective,
  detached,
  initialValuesOf,
  outputsOf,
  sameBits,
  trainThreeSteps,
} from './contract-run.ts';
import type { Held } from './contract-types.ts';

/**
 * What holds after three steps of training: one training serves all of it.
 *
 * @param repeated  whether to train again, to see that the seed decides everything
 */
export function trainingContract<Settings>(held: Held<Settings>, repeated: boolean): void {
  const { model, values } = held.subject;
  const { formulation } = held;

  describe('three steps', () => {
    let attachment: Attachment;
    let trained: ContractTrained;
    beforeAll(async () => {
      attachment = attach(held);
      trained = await trainThreeSteps({ model, formulation, attachment, values });
    });

    it('move each trainable parameter and leave frozen ones bit-identical', () => {
      const initial = initialValuesOf({ model, formulation, attachment, values });
      const parameters = parametersOf(held, attachment);
      const moved = parameters.filter(({ name }) => !sameBits(trained.all, initial, name));
      expect(moved.map(({ name }) => name)).toEqual(parameters.filter(attachment.isTrainable).map(({ name }) => name));
    });

    it('train what they say they train', () => {
      const trainable = parametersOf(held, attachment).filter(attachment.isTrainable);
      expect(trained.trainableParameters).toBe(countParameters(trainable));
    });

    if (repeated) {
      it('are the same from the same seed, others from another', async () => {
        const run = { model, formulation, values };
        const again = await trainThreeSteps({ ...run, attachment: attach(held) });
        expect(again.losses).toEqual(trained.losses);
        expect(hashTensors(again.kept)).toBe(hashTensors(trained.kept));
        const other = await trainThreeSteps({ ...run, attachment: attach(held) }, 2);
        // A method that trains nothing makes no step.
        if (trained.trainableParameters === 0) expect(other.losses).toEqual([]);
        else expect(other.losses).not.toEqual(trained.losses);
      });
    }

    it('can be saved and loaded into another attachment', async () => {
      const { tensors } = readSafetensors(writeSafetensors(trained.kept));
      const fresh = attach(held, 2);
      const loaded = { ...fresh, initialValues: () => new Map([...fresh.initialValues(), ...tensors]) };
      expect(await outputsOf({ model, formulation, attachment: loaded, values })).toEqual(trained.scores);
    });

    it('can be merged into the plain model, unless adapters are needed to run', async () => {
      const plain = detached(attachment);
      const merged = attachment.merge?.(trained.all) ?? trained.all;
      const scores = await outputsOf({ model, formulation, attachment: plain, values: merged });
      const needsAdapters = attachment.parameters.length > 0 && attachment.merge === undefined;
      // Folding rounds the weights anew, and the tiny model's scores are of the order of 1.
      const close = largestDifference(scores, trained.scores) < 1e-4;
      expect(close).toBe(!needsAdapters);
    });

    it(held.contract.peft ? 'are whole as PEFT stores them' : 'are nothing that PEFT could store', () => {
      const files = attachment.toPeft?.({ values: trained.kept });
      const bits = (tensors: HostTensors) => [...tensors.values()].map((value) => hashTensors(new Map([['', value]])));
      const expected = held.contract.peft ? bits(trained.kept).sort() : undefined;
      expect(files && bits(files.tensors).sort()).toEqual(expected);
    });
  });
}

function parametersOf<Settings>(
  { subject, formulation }: Held<Settings>,
  attachment: Attachment,
): readonly ParameterSpec[] {
  const objective = contractObjective({ model: subject.model, formulation });
  const backbone = subject.model.parameters.filter(({ role }) => !objective.unusedRoles.includes(role));
  return [...backbone, ...objective.parameters, ...attachment.parameters];
}

function largestDifference(left: ContractTrained['scores'], right: ContractTrained['scores']): number {
  const flat = right.flat();
  return Math.max(...left.flat().map((score, index) => Math.abs(score - flat[index]!)));
}
