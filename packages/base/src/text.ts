import { shownLine } from './safe-text.ts';

/**
 * Rounds half up (84.55 to 84.6, -0.25 to -0.2), as the SuperGLUE leaderboard prints scores. The value is first cut
 * to 12 significant digits, because 0.8455 · 100 is 84.55 only up to the last bit.
 */
export function roundHalfUp(value: number, decimals: number): string {
  const scaled = Number((value * 10 ** decimals).toPrecision(12));
  return (Math.floor(scaled + 0.5) / 10 ** decimals).toFixed(decimals);
}

/** A fraction as points out of 100, one decimal: 0.8455 is "84.6". */
export function points(fraction: number): string {
  return roundHalfUp(fraction * 100, 1);
}

/** A difference of fractions in points, with its sign and a true minus. */
export function signedPoints(difference: number): string {
  const text = points(difference);
  if (text.startsWith('-')) return `−${text.slice(1)}`;
  return text === '0.0' ? text : `+${text}`;
}

/** An interval of differences: "−1.2 to +3.4". */
export function signedRange([low, high]: readonly [number, number]): string {
  return `${signedPoints(low)} to ${signedPoints(high)}`;
}

/** A whole number with grouped digits: 1234567 is "1,234,567". */
export function count(value: number): string {
  return roundHalfUp(value, 0).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share of a whole in percent, two significant digits below ten: 0.00964 is "0.96 %". */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value >= 99.95) return `${roundHalfUp(value, 0)} %`;
  if (value < 0.01) return '< 0.01 %';
  return `${roundHalfUp(value, value < 1 ? 2 : 1)} %`;
}

/** Bytes in binary units: 1536 is "1.5 KiB". */
export function bytes(value: number): string {
  return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

/** Floating-point operations: 2.5e12 is "2.5 TFLOP". */
export function flops(value: number): string {
  return scaled(value, 1000, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP', 'PFLOP', 'EFLOP']);
}

/** Milliseconds as a reader says them: 950 is "950 ms", 61500 is "1 min 2 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${roundHalfUp(milliseconds, 0)} ms`;
  if (milliseconds < 59_950) return `${roundHalfUp(milliseconds / 1000, 1)} s`;
  const seconds = Math.floor(milliseconds / 1000 + 0.5);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** "a", "a and b", "a, b and c". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** "1 seed", "3 seeds". */
export function plural(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let unit = 0;
  let rest = value;
  while (rest >= base * 0.9995 && unit < units.length - 1) {
    rest /= base;
    unit += 1;
  }
  const decimals = unit === 0 || rest >= 99.95 ? 0 : 1;
  return `${roundHalfUp(rest, decimals)} ${units[unit]}`;
}

/**
 * Columns padded to their widest cell: the first `leftAligned` ones (all, unless given) left, the others right. A cell is
 * one line, see `shownLine`.
 */
export function textTable(rows: readonly (readonly string[])[], leftAligned = Number.POSITIVE_INFINITY): string[] {
  const cells = rows.map((row) => row.map(shownLine));
  const width = (column: number) => Math.max(...cells.map((row) => row[column]!.length));
  return cells.map((row) =>
    row
      .map((cell, column) => (column < leftAligned ? cell.padEnd(width(column)) : cell.padStart(width(column))))
      .join('  ')
      .trimEnd(),
  );
}
