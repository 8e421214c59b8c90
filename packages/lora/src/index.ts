export { lora } from './method.ts';
export { type LoraSettings, type LoraSettingsInput, loraSettings } from './settings.ts';
