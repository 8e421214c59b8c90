export { arm, type Catalog, defineExperiment } from './experiment/definition.ts';
export type { ArmOptions } from './experiment/schema.ts';
