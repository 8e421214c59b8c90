export {
  type LayerFreezingSettings,
  type LayerFreezingSettingsInput,
  layerFreezing,
  layerFreezingSettings,
} from './method.ts';
