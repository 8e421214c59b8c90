import { type HostTensors, hashTensors, randomSource } from '@attune/base';
import type { Attachment } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { detached, outputsOf, sameBits } from './contract-run.ts';
import type { Held } from './contract-types.ts';

/** What must hold of an attachment before any training. */
export function attachmentContract<Settings>(held: Held<Settings>): void {
  describe('attaching', () => {
    const { model, values } = held.subject;

    it('gives an initial value for each new parameter, all adapters under new names', () => {
      const { parameters, initialValues } = attach(held);
      const taken = new Set(model.parameters.map(({ name }) => name));
      const shapes = (tensors: HostTensors) => [...tensors].map(([name, { shape }]) => ({ name, shape: [...shape] }));
      expect(shapes(initialValues())).toEqual(parameters.map(({ name, shape }) => ({ name, shape: [...shape] })));
      expect(parameters.filter(({ name, role }) => role !== 'adapter' || taken.has(name))).toEqual([]);
    });

    it('is described without weights', () => {
      const withWeights = attach(held);
      const { contract, settings } = held;
      const described = contract.method.attach({ model, values: new Map(), settings, random: randomSource(1) });
      expect(described.parameters).toEqual(withWeights.parameters);
      const trainable = (attachment: Attachment) => model.parameters.map(attachment.isTrainable);
      expect(trainable(described)).toEqual(trainable(withWeights));
    });

    it('draws initial values from the seed alone', () => {
      const { parameters, initialValues } = attach(held);
      const values = initialValues();
      expect(hashTensors(attach(held).initialValues())).toBe(hashTensors(values));
      const other = attach(held, 2).initialValues();
      const unlike = parameters.filter(({ name }) => !sameBits(other, values, name));
      expect(unlike).toEqual(parameters.filter(({ initializer: { kind } }) => kind !== 'zeros' && kind !== 'ones'));
    });

    it('makes the same initial values at each call, in memory of their own', () => {
      const { initialValues } = attach(held);
      const expected = hashTensors(initialValues());
      for (const { data } of initialValues().values()) data.fill(7);
      expect(hashTensors(initialValues())).toBe(expected);
    });

    it('leaves the output unchanged if and only if it promises so', async () => {
      const attachment = attach(held);
      const { formulation } = held;
      const attached = await outputsOf({ model, formulation, attachment, values });
      const plain = await outputsOf({ model, formulation, attachment: detached(attachment), values });
      if (attachment.unchangedAtStart === true) expect(attached).toEqual(plain);
      else expect(attached).not.toEqual(plain);
    });
  });
}

/** Attaches to the model; the seed reaches initial values alone. */
export function attach<Settings>({ contract, settings, subject }: Held<Settings>, seed = 1): Attachment {
  return contract.method.attach({ ...subject, settings, random: randomSource(seed).fork('attach') });
}
