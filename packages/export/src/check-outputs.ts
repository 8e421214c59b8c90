import { ConfigError } from '@attune/base';
import type { Instance, InstanceOutput } from '@attune/core';
import { evaluateTrained, paddingOf } from '@attune/training';
import type { ExportedTrial, OutputCheck } from './formats/export-format.ts';

/** Scores whose relative or absolute difference is at most this count as the same. */
export const outputTolerance = 1e-4;

/** The largest difference of two scores, relative where they exceed 1; infinite where other tokens were filled in. */
export function largestDifference(actual: readonly InstanceOutput[], expected: readonly InstanceOutput[]): number {
  const differences = expected.flatMap((output, index) => {
    const other = actual[index]!;
    if (output.filledIds?.join() !== other.filledIds?.join()) return [Number.POSITIVE_INFINITY];
    return output.scores.map((score, at) => Math.abs(score - other.scores[at]!) / Math.max(1, Math.abs(score)));
  });
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences);
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
