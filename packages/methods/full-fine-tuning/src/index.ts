export {
  type FullFineTuningSettings,
  type FullFineTuningSettingsInput,
  fullFineTuning,
  fullFineTuningSettings,
} from './method.ts';
