export { pTuning } from './method.ts';
