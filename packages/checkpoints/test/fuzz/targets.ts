import type { FuzzTarget } from './fuzz-target.ts';
import { modelTargets } from './model-targets.ts';
import { structureTargets } from './structure-targets.ts';
import { textTargets } from './text-targets.ts';
import { weightsTargets } from './weights-targets.ts';

export const fuzzTargets: readonly FuzzTarget[] = [
  ...weightsTargets,
  ...modelTargets,
  ...textTargets,
  ...structureTargets,
];
