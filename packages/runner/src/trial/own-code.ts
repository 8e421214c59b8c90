import type { Catalog } from '../experiment/catalog.ts';
import type { TrialPlan } from '../experiment/resolved.ts';

/**
 * Whether a trial's task and method are the catalog's, whose sources the hash of the code covers. Others come with the
 * experiment's file, which may import them from anywhere: no hash of sources says that they are as they were.
 */
export function isListed(
  { task, arm }: Pick<TrialPlan, 'task' | 'arm'>,
  { methods, tasks }: Pick<Catalog, 'methods' | 'tasks'>,
): boolean {
  return methods.includes(arm.method) && tasks.includes(task);
}
