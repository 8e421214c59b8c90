import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EngineReport } from '@attune/engine';

/** What engines there are, and the name of the one that is used when none is asked for: undefined when none works. */
export interface Inspected {
  readonly reports: readonly EngineReport[];
  readonly chosen?: string;
}

/**
 * Tries every engine and device in a process of its own: the runtimes' native code writes lines for its own developers
 * on stderr, and may end the process, and neither is this one's business.
 *
 * @throws Error when that process ended without an answer
 */
export function inspectEngines(): Promise<Inspected> {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(`./inspect-engines-process.${fromSource ? 'ts' : 'js'}`, import.meta.url);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(entry), {
    execArgv: fromSource ? ['--conditions=attune-source', '--import', loader] : [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (inspected: Inspected) => resolve(inspected));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the process that tried the engines ended (${signal ?? `exit code ${code}`})`));
    });
  });
}
