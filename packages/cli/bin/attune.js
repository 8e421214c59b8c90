#!/usr/bin/env node
// Starts the command from source where the source is, else from dist. Both go in this very process, so that signals
// and exit codes need no forwarding.
import { existsSync } from 'node:fs';
import { register } from 'node:module';

// Before anything else is loaded: until a command has something to end in order, a signal ends the process at once. The
// system does that by itself, but not for the first process of a container.
const stopAtOnce = () => process.exit(130);
process.on('SIGINT', stopAtOnce).on('SIGTERM', stopAtOnce);

const source = new URL('../src/main.ts', import.meta.url);
const fromSource = existsSync(source);

// Loading may take long on a busy machine; what is loaded will say what it does. In a terminal that takes this line's place.
const words = process.argv.slice(2);
const isRun = words[0] === 'run' && !words.some((word) => /^(-h|--help|--quiet)$/.test(word));
if (isRun) process.stdout.write(process.stdout.isTTY ? 'Loading the code ...\r' : 'Loading the code\n');

// The loader for TypeScript looks at every file that is loaded after it, which doubles what large libraries take.
// Those that a command is sure to need come before it; help needs none, and a report computes nothing.
const asksForHelp = words.length === 0 || words.some((word) => /^(-h|--help|-v|--version|help)$/.test(word));
const libraries = asksForHelp ? [] : ['zod', ...(words[0] === 'report' ? [] : ['@tensorflow/tfjs-core'])];
await Promise.all(libraries.map((library) => import(library)));

// From dist too: experiments are TypeScript.
const { register: registerTypeScript } = await import('tsx/esm/api');
registerTypeScript();

// @attune packages resolve to source, as `--conditions=attune-source` does for a process that is not yet running. Their
// own relative imports have extensions, so there is nothing to search.
const packages = JSON.stringify(new URL('../../', import.meta.url).href);
const resolveToSource = `export const resolve = (specifier, context, next) =>
  /^[.].*[.]ts$/.test(specifier) && context.parentURL.startsWith(${packages})
    ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    : next(specifier, { ...context, conditions: ['attune-source', ...context.conditions] });`;
if (fromSource) register(`data:text/javascript,${encodeURIComponent(resolveToSource)}`);

// A reader that has seen enough (`attune list | head`) is no error. A full disk under a log ends no training; what
// could not be printed is said at once, and by the exit code.
let unprinted;
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE' || unprinted !== undefined) return;
  unprinted = error;
  process.stderr.write(`standard output: cannot be written: ${error.message}\n`);
});
process.stderr.on('error', () => {});
process.on('exit', (code) => {
  if (code === 0 && unprinted !== undefined) process.exitCode = 2;
});

const { main } = await import(fromSource ? source.href : new URL('../dist/main.js', import.meta.url).href);
process.exitCode = await main(process.argv, stopAtOnce);
