export { showCheck } from './check/show-check.ts';
export { costOfStep, type StepCost } from './cost-of-step.ts';
export { type Budget, type CostRow, costNotes, costTable } from './cost-table.ts';
export { findHardware, type Hardware } from './hardware.ts';
export type { StepRequest } from './plan-step.ts';
export { readModel } from './read-model.ts';
export { stepSeconds } from './roofline.ts';
