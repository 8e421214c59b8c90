export { type PTuningSettings, type PTuningSettingsInput, pTuning, pTuningSettings } from './method.ts';
