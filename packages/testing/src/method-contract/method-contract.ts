import type { Formulation } from '@attune/core';
import { describe } from 'vitest';
import { tinyBert, tinyFamilies } from '../tiny-model.ts';
import { attachmentContract } from './attachment-contract.ts';
import type { Held, MethodContract } from './contract-types.ts';
import { countingContract } from './counting-contract.ts';
import { settingsContract } from './settings-contract.ts';
import { trainingContract } from './training-contract.ts';

const formulations: readonly Formulation[] = ['head', 'cloze'];
const bert = tinyBert();

/**
 * The contract of every fine-tuning method, run over a tiny BERT in both formulations: attaching changes nothing
 * exactly where that is promised; three steps move each trainable parameter and leave frozen ones bit-identical; merged
 * equals attached; saved and loaded values are the trained ones; the parameter count is the formula's; the same seed
 * gives the same losses; bad settings are refused by field. With its default settings the method meets a tiny model of
 * every other family too, where one training does for each. A method that adds no parameters, has no `merge` or trains
 * nothing meets the same contract.
 */
export function methodContract<Settings>(contract: MethodContract<Settings>): void {
  describe(`method contract: ${contract.method.name}`, () => {
    settingsContract(contract);
    for (const [title, given] of Object.entries(contract.settings)) {
      for (const formulation of formulations) {
        describe(`${title}, ${formulation}`, () => {
          const settings = contract.method.settings.parse(given);
          pairContract({ contract, settings, formulation, subject: bert }, true);
          countingContract({ contract, settings, formulation, subject: bert });
        });
      }
    }
    for (const { title, subject, formulations: own } of tinyFamilies()) {
      for (const formulation of own) {
        describe(`${title}, ${formulation}`, () => {
          const settings = contract.method.settings.parse(contract.familySettings?.[subject.model.family] ?? {});
          pairContract({ contract, settings, formulation, subject }, false);
        });
      }
    }
  });
}

/** One method on one model under one formulation. */
function pairContract<Settings>(held: Held<Settings>, repeated: boolean): void {
  attachmentContract(held);
  trainingContract(held, repeated);
}
