import { mean, std } from 'mathjs/number';

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

type Interval = readonly [low: number, high: number];

/** What is said about repeated measurements of one quantity. */
export interface Summary {
  readonly mean: number;
  /** Sample standard deviation, divisor n - 1; absent with a single value. */
  readonly sd?: number;
  /** 95 % interval of the mean; absent where the spread cannot be estimated. */
  readonly interval?: Interval;
  /** How many values the mean is made of. */
  readonly count: number;
}

/** Mean, standard deviation and t interval of values, usually one per seed. Undefined without values. */
export function summarize(values: readonly number[]): Summary | undefined {
  return summarizeGroups([values]);
}

/**
 * Mean over groups of the groups' means, for fixed groups (tasks) and repeated draws within them (seeds).
 *
 * With s_g², n_g the variance and size of group g out of G, and v_g = s_g² / n_g:
 * variance of the mean = Σ v_g / G², degrees of freedom = (Σ v_g)² / Σ (v_g² / (n_g - 1))
 * (Welch and Satterthwaite). Differences between the groups' means are no noise, so they do not widen the interval;
 * with one group this is the ordinary t interval. The interval is absent when a group has a single value.
 */
export function summarizeGroups(groups: readonly (readonly number[])[]): Summary | undefined {
  const filled = groups.filter((group) => group.length > 0);
  if (filled.length === 0) return undefined;
  const values = filled.flat();
  const center = average(filled.map(average));
  const interval = groupsInterval(filled, center);
  return {
    mean: center,
    count: values.length,
    ...(filled.length === 1 && values.length > 1 ? { sd: deviation(values) } : {}),
    ...(interval === undefined ? {} : { interval }),
  };
}

function groupsInterval(groups: readonly (readonly number[])[], center: number): Interval | undefined {
  if (groups.some((group) => group.length < 2)) return undefined;
  const variances = groups.map((group) => deviation(group) ** 2 / group.length);
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  // Equal values in every group, as of a method that draws nothing: the interval is the point itself.
  if (total === 0) return [center, center];
  const degrees =
    total ** 2 / variances.reduce((sum, variance, g) => sum + variance ** 2 / ((groups[g]?.length ?? 2) - 1), 0);
  const half = (studentT95(degrees) ?? Number.POSITIVE_INFINITY) * (Math.sqrt(total) / groups.length);
  return [center - half, center + half];
}

/** Arithmetic mean, exactly the value itself for equal values; the caller has at least one. */
export function average(values: readonly number[]): number {
  return allEqual(values) ? values[0]! : mean([...values]);
}

/** Sample standard deviation, exactly zero for equal values. */
function deviation(values: readonly number[]): number {
  return allEqual(values) ? 0 : Number(std([...values]));
}

function allEqual(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
