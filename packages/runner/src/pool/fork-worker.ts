import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * A worker process. Run from source it needs the loader for TypeScript and the condition that package names resolve
 * to source by; run from `dist` it needs the loader alone, for experiments written in TypeScript.
 */
export function forkWorker(): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(fromSource ? './worker.ts' : './worker.js', import.meta.url);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return fork(fileURLToPath(entry), {
    execArgv: [...(fromSource ? ['--conditions=attune-source'] : []), '--import', loader],
    // Engines print hints on stdout; a progress bar lives there.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
