export { lora } from './method.ts';
export { fromPeft, type ToPeftCall, toPeft } from './peft/peft.ts';
export { type LoraSettings, type LoraSettingsInput, loraSettings } from './settings.ts';
