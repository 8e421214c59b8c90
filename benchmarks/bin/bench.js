#!/usr/bin/env node
// Starts the benchmarks from source, as packages/cli/bin/attune.js starts the command; they have no dist.
import { register } from 'node:module';
import { register as registerTypeScript } from 'tsx/esm/api';

const resolveToSource = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: ['attune-source', ...context.conditions] });`;

register(`data:text/javascript,${encodeURIComponent(resolveToSource)}`);
registerTypeScript();

const { main } = await import(new URL('../src/main.ts', import.meta.url).href);
process.exitCode = await main(process.argv);
