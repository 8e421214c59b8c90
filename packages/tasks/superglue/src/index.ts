export * from './tasks/all.ts';
export { labelTask } from './tasks/label-task.ts';
export { diagnosticTasks, superglueTasks, tasks } from './tasks.ts';
export { pattern } from './template/pattern.ts';
