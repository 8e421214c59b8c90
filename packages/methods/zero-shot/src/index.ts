export { zeroShot } from './method.ts';
export { type ZeroShotSettings, zeroShotSettings } from './settings.ts';
