import { readFileSync, writeFileSync } from 'node:fs';

/** Bytes of this process that are in memory now; undefined where the system has no /proc. */
export function residentBytes(): number | undefined {
  return statusBytes('VmRSS');
}

/** The most there were since `resetPeak`. */
export function peakResidentBytes(): number | undefined {
  return statusBytes('VmHWM');
}

export function resetPeak(): void {
  // 5 resets the mark, see proc_pid_clear_refs(5).
  if (residentBytes() !== undefined) writeFileSync('/proc/self/clear_refs', '5');
}

function statusBytes(field: string): number | undefined {
  try {
    const found = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'));
    return found === null ? undefined : 1024 * Number(found[1]);
  } catch {
    return undefined;
  }
}
