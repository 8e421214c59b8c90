export { layerFreezing } from './method.ts';
export { type LayerFreezingSettings, type LayerFreezingSettingsInput, layerFreezingSettings } from './settings.ts';
