export { defaults, type GenerateOptions, generate } from './generate.ts';
