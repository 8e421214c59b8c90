import { countParameters, type Formulation } from '@attune/core';
import { expect, it } from 'vitest';
import type { TinyModel } from '../tiny-model.ts';
import { attach } from './attachment-contract.ts';
import { contractObjective } from './contract-run.ts';
import type { MethodContract } from './contract-types.ts';

/** The number of trainable parameters is what the method's formula says, on a BERT. */
export function countingContract<Settings>(of: {
  readonly contract: MethodContract<Settings>;
  readonly settings: Settings;
  readonly formulation: Formulation;
  readonly subject: TinyModel;
}): void {
  it('trains as many parameters as the formula says', () => {
    const { contract, settings, formulation, subject } = of;
    const { model, config } = subject;
    const objective = contractObjective({ model, formulation });
    const read = model.parameters.filter(({ role }) => !objective.unusedRoles.includes(role));
    const { isTrainable, parameters } = attach(of);
    const trainable = [...read, ...objective.parameters, ...parameters].filter(isTrainable);
    const [backbone, head] = [countParameters(read), countParameters(objective.parameters)];
    const expected = contract.trainableParameters({ settings, config, formulation, backbone, head });
    expect(countParameters(trainable)).toBe(expected);
  });
}
