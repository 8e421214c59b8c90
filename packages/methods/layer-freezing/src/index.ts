export { layerFreezing } from './method.ts';
