export { fullFineTuning } from './method.ts';
export { type FullFineTuningSettings, type FullFineTuningSettingsInput, fullFineTuningSettings } from './settings.ts';
