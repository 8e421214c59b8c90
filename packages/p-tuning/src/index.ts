export { pTuning } from './method.ts';
export { type PTuningSettings, type PTuningSettingsInput, pTuningSettings } from './settings.ts';
