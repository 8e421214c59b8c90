import type { Graph, GraphPort } from '../graph.ts';
import { valueBytes } from './node-costs.ts';

/**
 * What a named end of a step's graph is for, from the part of its name before the first colon. Inputs are "state",
 * "frozen", "batch" or "noise"; outputs are "next", a state's new value, or "output", for the host. A graph that
 * names its ends otherwise is a plain function: all of it counts as forward.
 */
export function portKind({ name }: GraphPort): string {
  return name.slice(0, Math.max(0, name.indexOf(':')));
}

export function portsOf(ports: Graph['inputs'], kind: string): GraphPort[] {
  return ports.filter((port) => portKind(port) === kind);
}

/** Bytes of what enters or leaves by these. */
export function portBytes({ values }: Graph, ports: Graph['inputs']): number {
  return ports.reduce((sum, { value }) => sum + valueBytes(values[value]!), 0);
}
