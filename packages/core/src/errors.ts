import { distance } from 'fastest-levenshtein';

/** A configuration, a checkpoint or a name that cannot be used. Lists every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A tensor whose shape or dtype does not fit where it is used. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Data that is missing, malformed or outside what a task allows. Names file and line. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/**
 * The names most like a mistyped one, best first: edit distance at most a third of the longer name (at least 2),
 * ties in the order given.
 *
 * @param limit  how many to return at most
 */
export function nearestNames(name: string, known: readonly string[], limit = 3): string[] {
  return known
    .map((candidate, order) => ({ candidate, order, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(Math.max(name.length, candidate.length) / 3)))
    .sort((a, b) => a.edits - b.edits || a.order - b.order)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** `unknown method "p-tunning"; did you mean "p-tuning"? Known: lora, p-tuning`. */
export function unknownNameMessage(kind: string, name: string, known: readonly string[]): string {
  const near = nearestNames(name, known, 1)[0];
  const hint = near === undefined ? '.' : `; did you mean "${near}"?`;
  return `unknown ${kind} "${name}"${hint} Known: ${known.join(', ')}`;
}
