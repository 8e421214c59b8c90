import { ConfigError, evaluateTrained, type Instance, type InstanceOutput, paddingOf } from '@attune/core';
import { largestDifference, outputTolerance } from './compare-outputs.ts';
import type { ExportedTrial } from './formats/export-format.ts';

/** How many examples were compared with the trained model, and their largest difference. */
export interface OutputCheck {
  readonly examples: number;
  readonly difference: number;
}

const checkedExamples = 32;

/**
 * Compares outputs of an export on the first examples of the reported split with those of the trained model.
 *
 * @param what      names the export in messages
 * @param evaluate  the export's outputs
 * @throws ConfigError when it computes anything else than the trained model
 */
export async function checkOutputs(
  { engine, plan, prepared, trained }: ExportedTrial,
  what: string,
  evaluate: (instances: readonly Instance[]) => Promise<readonly InstanceOutput[]>,
): Promise<OutputCheck> {
  const instances = prepared.report.formulated.instances.slice(0, checkedExamples);
  const expected = await evaluateTrained(
    {
      ...{ ...prepared, engine, trained, settings: plan.training },
      random: prepared.random.fork('training'),
      ...paddingOf(prepared.tokenizer),
    },
    instances,
  );
  const difference = largestDifference(await evaluate(instances), expected);
  if (difference <= outputTolerance) return { examples: instances.length, difference };
  throw new ConfigError(
    `export: outputs of ${what} differ from the trained model's by ${difference} on ${instances.length} examples, at ` +
      `most ${outputTolerance} was expected; nothing was written`,
  );
}
