import { availableParallelism, totalmem } from 'node:os';
import { availableEngines, type DeviceReport, type EngineReport, selectEngine } from '@attune/engine';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../say.ts';

/**
 * Prints the machine, each engine and device with its version or why it is not available, and the one chosen.
 *
 * @returns an exit code: bad input when no engine works
 */
export async function doctor(): Promise<number> {
  say(machineLine());
  const reports = await availableEngines();
  const chosen = await selectEngine().catch(() => undefined);
  for (const report of reports) for (const line of engineLines(report, chosen?.name)) say(line);
  await chosen?.dispose();
  return chosen === undefined ? exitCodes.badInput : exitCodes.ok;
}

function machineLine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `node ${process.version}, ${process.platform}-${process.arch}, ${availableParallelism()} cores, ${memory} GiB`;
}

const labelWidth = 16;
const indent = ' '.repeat(labelWidth);

function engineLines(report: EngineReport, chosen?: string): string[] {
  const label = report.name.padEnd(labelWidth);
  if (!report.available) return unavailableLines(label, report);
  const mark = report.name === chosen ? ', used when none is asked for' : '';
  const line = `${label}available: version ${report.version ?? 'unknown'} on ${report.device ?? 'unknown'}${mark}`;
  return [line, ...(report.devices ?? []).flatMap(deviceLines)];
}

function deviceLines(device: DeviceReport): string[] {
  const label = `${indent}--device ${device.name}`.padEnd(2 * labelWidth + 1);
  return device.available ? [`${label}available`] : unavailableLines(label, device);
}

function unavailableLines(label: string, { reason, fix }: Pick<DeviceReport, 'reason' | 'fix'>): string[] {
  const why = `${label}not available: ${reason ?? 'unknown reason'}`;
  return fix === undefined ? [why] : [why, `${' '.repeat(label.length)}to have it: ${fix}`];
}
