export { zeroShot } from './method.ts';
