import { ConfigError } from '@attune/base';
import { trialName } from '@attune/runner/node';
import type { RestoredTrial } from '../restore-trial.ts';
import type { ExportFormat } from './export-format.ts';
import { onnxFormat } from './onnx-format.ts';
import { peftFormat } from './peft-format.ts';
import { transformersFormat } from './transformers-format.ts';

/** The forms that a trained model leaves in, by the name that the command line has for them. */
export const exportFormats = {
  onnx: onnxFormat,
  transformers: transformersFormat,
  peft: peftFormat,
} as const satisfies Readonly<Record<string, ExportFormat>>;

/** A format by the name that `--format` has for it. */
export type ExportFormatName = keyof typeof exportFormats;

/** All formats, in the order in which help and messages list them. */
export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormatName[];

/** @throws ConfigError when a trial has no such form, with the formats that would do */
export function requireFormat(format: ExportFormatName, trial: RestoredTrial): void {
  const problem = exportFormats[format].problem(trial);
  if (problem === undefined) return;
  const possible = exportFormatNames.filter((name) => exportFormats[name].problem(trial) === undefined);
  const hint = possible.length === 0 ? '' : `; --format ${possible.join(' or ')} would work`;
  throw new ConfigError(`${trialName({ ...trial.record, arm: trial.plan.arm.label })}: ${problem}${hint}`);
}
