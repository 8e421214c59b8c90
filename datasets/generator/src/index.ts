export { defaults, generate } from './generate.ts';
