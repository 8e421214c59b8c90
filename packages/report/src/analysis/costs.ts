import type { TrialRecord } from '@attune/records';
import { average } from '../statistics.ts';
import type { Arm } from './arms.ts';
import { isScored } from './score-grid.ts';

/** Mean costs of one arm's completed trials; a trial is one task with one seed. */
interface ArmCosts {
  readonly arm: Arm;
  readonly trials: number;
  readonly trainableParameters: number;
  /** Trainable of all parameters, averaged over trials. */
  readonly trainableShare: number;
  readonly adapterBytes: number;
  readonly flops: number;
  readonly trainTimeMs: number;
  readonly peakMemoryBytes: number;
}

/** Undefined when no trial of the arm completed. */
export function costsOfArm(arm: Arm): ArmCosts | undefined {
  const completed = arm.records.filter(isScored);
  if (completed.length === 0) return undefined;
  const mean = (cost: (costs: TrialRecord['costs']) => number) => average(completed.map(({ costs }) => cost(costs)));
  return {
    arm,
    trials: completed.length,
    trainableParameters: mean((costs) => costs.trainableParameters),
    trainableShare: mean(({ trainableParameters, totalParameters }) =>
      totalParameters > 0 ? trainableParameters / totalParameters : 0,
    ),
    adapterBytes: mean((costs) => costs.adapterBytes),
    flops: mean((costs) => costs.flops),
    trainTimeMs: average(completed.map(({ run }) => run.trainTimeMs)),
    peakMemoryBytes: average(completed.map(({ run }) => run.peakMemoryBytes)),
  };
}
