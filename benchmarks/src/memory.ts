import { readFileSync, writeFileSync } from 'node:fs';
import { collectGarbage } from '@attune/base/node';

const status = '/proc/self/status';
const clearReferences = '/proc/self/clear_refs';

/**
 * Makes the peak start again from what is resident now, garbage collected. Where the system cannot (it is Linux's
 * clear_refs that does), the peak stays that of the whole process.
 */
export async function resetPeakMemory(): Promise<void> {
  await collectGarbage();
  try {
    writeFileSync(clearReferences, '5');
  } catch {
    // The peak then includes loading; README says so.
  }
}

/** Highest resident memory of this process since the last reset, in bytes. */
export function peakMemoryBytes(): number {
  try {
    return parsePeak(readFileSync(status, 'utf8'));
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** The high-water mark of /proc/self/status, in bytes. @throws RangeError when it is not there */
export function parsePeak(text: string): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1];
  if (kilobytes === undefined) throw new RangeError(`${status}: expected a line VmHWM, got none`);
  return Number(kilobytes) * 1024;
}
