import { describe } from 'vitest';
import { attachmentContract } from './attachment-contract.ts';
import type { MethodContract } from './contract-types.ts';
import { settingsContract } from './settings-contract.ts';
import { trainingContract } from './training-contract.ts';

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
