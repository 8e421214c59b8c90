#!/usr/bin/env node
// Starts the command from source where the source is, else from dist. Both go in this very process, so that signals
// and exit codes need no forwarding.
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { register as registerTypeScript } from 'tsx/esm/api';

const source = new URL('../src/main.ts', import.meta.url);
const fromSource = existsSync(source);

// What `--conditions=attune-source` does, for a process that is already running: @attune packages resolve to source.
const resolveToSource = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: ['attune-source', ...context.conditions] });`;

if (fromSource) register(`data:text/javascript,${encodeURIComponent(resolveToSource)}`);
// From dist too: experiments are TypeScript.
registerTypeScript();

// A reader that has seen enough (`attune list | head`) is no error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

const { main } = await import(fromSource ? source.href : new URL('../dist/main.js', import.meta.url).href);
process.exitCode = await main(process.argv);
