/**
 * Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom (the 0.975 column of any printed table).
 */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const SPARSE: readonly (readonly [degrees: number, quantile: number])[] = [
  [120, 1.98],
  [60, 2.0],
  [40, 2.021],
];

/**
 * The t with which mean ± t · standardError is a 95 % interval. Between the table's entries the next smaller number
 * of degrees counts, so an interval is never too narrow. Undefined below one degree of freedom.
 */
export function studentT95(degreesOfFreedom: number): number | undefined {
  const whole = Math.floor(degreesOfFreedom + 1e-9);
  if (!(whole >= 1)) return undefined;
  if (whole <= QUANTILES.length) return QUANTILES[whole - 1];
  return (SPARSE.find(([degrees]) => whole >= degrees) ?? [30, 2.042])[1];
}
