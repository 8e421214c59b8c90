export { arm, type Catalog, defineExperiment } from './experiment/definition.ts';
export type { ArmDefinition, ArmOptions, ExperimentDefinition } from './experiment/schema.ts';
