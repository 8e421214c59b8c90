import { distance } from 'fastest-levenshtein';
import { shownLine } from './safe-text.ts';

/** An error whose message says where, what was expected, what was given and what would work: nobody needs its stack. */
export class ExplainedError extends Error {}

/** A configuration, a checkpoint or a name that cannot be used. Lists every problem at once. */
export class ConfigError extends ExplainedError {
  override readonly name = 'ConfigError';
}

/** A tensor whose shape or dtype does not fit where it is used. */
export class ShapeError extends ExplainedError {
  override readonly name = 'ShapeError';
}

/** Data that is missing, malformed or outside what a task allows. Names file and line. */
export class DatasetError extends ExplainedError {
  override readonly name = 'DatasetError';
}

/** Memory that ran out or a device that went away: nothing is wrong with what was asked, there is too little of it. */
export class ResourceError extends ExplainedError {
  override readonly name = 'ResourceError';
}

/** A function cannot be recorded as a graph: an unknown kernel, a value read inside, an undeclared dtype. */
export class TraceError extends ExplainedError {
  override readonly name = 'TraceError';
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
  const hint = near === undefined ? '.' : `; did you mean "${shownLine(near)}"?`;
  return `unknown ${kind} "${shownLine(name)}"${hint} Known: ${known.map(shownLine).join(', ')}`;
}
