import type { HostTensors } from '@attune/base';

/** The tensors under a path of a fixture, without it: "lama/parameters/x" is "x" under "lama/parameters". */
export function tensorsUnder(fixture: HostTensors, path: string): HostTensors {
  const inside = [...fixture].filter(([name]) => name.startsWith(`${path}/`));
  return new Map(inside.map(([name, tensor]) => [name.slice(path.length + 1), tensor]));
}
