export { lora } from './method.ts';
export { fromPeft } from './peft/peft.ts';
export { loraSettings } from './settings.ts';
