export { checkMemory } from './check/check-costs.ts';
export { showCheck } from './check/show-check.ts';
export { costOfStep } from './cost-of-step.ts';
export { type Budget, type CostRow, costNotes, costTable } from './cost-table.ts';
export type { StepRequest } from './plan-step.ts';
export { readModel } from './read-model.ts';
export { findHardware } from './roofline.ts';
