export { bytes, count, duration, flops } from './format.ts';
export { textTable } from './text-table.ts';
