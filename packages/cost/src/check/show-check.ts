import { availableParallelism, cpus, totalmem } from 'node:os';
import { bytes, duration, textTable } from '@attune/base';
import { displayPath, writeAtomically } from '@attune/base/node';
import { calibratedHardware, fitRoofline, type Speeds, stepSeconds, timeError } from '../roofline.ts';
import { type CheckedCase, caseName, checkCases, checkCosts } from './check-costs.ts';

const stepsEach = 7;

/** How measured steps are compared with predicted ones. */
interface CheckCostsCall {
  /** The file that a profile fitted to the measured times is written to, first; none is fitted when absent. */
  readonly calibrated?: string | undefined;
  /** See `MeasureCall`. */
  readonly catalogUrl: string;
}

/** A table of predicted against measured memory and time of steps on this machine, line by line. */
export async function showCheck({ calibrated, catalogUrl }: CheckCostsCall): Promise<string[]> {
  const cases = await checkCosts(checkCases, { catalogUrl, steps: stepsEach, threads: availableParallelism() });
  const speeds = calibrated !== undefined ? fitRoofline(cases) : calibratedHardware;
  if (calibrated !== undefined) await writeSpeeds(speeds, calibrated);
  const header = ['step', 'memory', 'measured', 'off', 'time', 'measured', 'off'];
  const rows = cases.map((checked) => [caseName(checked.step), ...memoryCells(checked), ...timeCells(checked, speeds)]);
  return [
    ...textTable([header, ...rows], 1),
    '',
    `Speeds: ${(speeds.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s, ${(speeds.bytesPerSecond / 1e9).toFixed(1)} GB/s.`,
    ...(calibrated === undefined ? [] : [`Written: ${displayPath(calibrated)}.`]),
    `Worst errors: memory ${worst(cases.flatMap(memoryError))}, time ${worst(cases.map((checked) => timeError(checked, speeds)))}.`,
  ];
}

function memoryCells(checked: CheckedCase): string[] {
  const { predictedBytes, measuredBytes } = checked;
  if (measuredBytes === undefined) return [bytes(predictedBytes), 'unknown', ''];
  return [bytes(predictedBytes), bytes(measuredBytes), ...memoryError(checked).map(signedPercent)];
}

function timeCells(checked: CheckedCase, speeds: Speeds): string[] {
  const predictedMs = 1000 * stepSeconds(checked.nodes, speeds);
  return [duration(predictedMs), duration(checked.measuredMs), signedPercent(timeError(checked, speeds))];
}

/** Predicted over measured, minus one; nothing where nothing was measured. */
function memoryError({ predictedBytes, measuredBytes }: CheckedCase): number[] {
  return measuredBytes === undefined ? [] : [predictedBytes / measuredBytes - 1];
}

function worst(errors: readonly number[]): string {
  const largest = errors.reduce((most, error) => (Math.abs(error) > Math.abs(most) ? error : most), 0);
  return errors.length === 0 ? 'unknown' : signedPercent(largest);
}

function signedPercent(share: number): string {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(0)} %`;
}

async function writeSpeeds({ flopsPerSecond, bytesPerSecond }: Speeds, file: string): Promise<void> {
  const rounded = (value: number): number => Number(value.toPrecision(3));
  const profile = {
    ...calibratedHardware,
    title: `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads of ONNX Runtime`,
    flopsPerSecond: rounded(flopsPerSecond),
    bytesPerSecond: rounded(bytesPerSecond),
    memoryBytes: totalmem(),
  };
  await writeAtomically(file, `${JSON.stringify(profile, null, 2)}\n`);
}
