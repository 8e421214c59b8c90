export { exportTrial } from './export-trial.ts';
export { findRecord } from './find-record.ts';
export { type ExportFormatName, exportFormatNames } from './formats/export-formats.ts';
export { evaluateStandalone, inferenceTokens, standaloneModel } from './formats/standalone-model.ts';
