export { fullFineTuning } from './method.ts';
