import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CheckCase } from './check-case.ts';

export interface MeasureCall {
  readonly step: CheckCase;
  readonly steps: number;
  readonly threads: number;
}

export interface Measured {
  /** Of each step, in order; the first includes compiling. */
  readonly stepMs: readonly number[];
  /** Growth of the process from before its stores to its peak; absent where the system does not tell. */
  readonly peakBytes?: number;
}

/**
 * Runs a step in a process of its own, on the compiled engine. @throws Error when that process ends without an answer
 */
export async function measureStep(call: MeasureCall): Promise<Measured> {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(fromSource ? './measured-process.ts' : './measured-process.js', import.meta.url);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(entry), {
    execArgv: ['--expose-gc', ...(fromSource ? ['--conditions=attune-source'] : []), '--import', loader],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send(call);
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof answer === 'object' && answer !== null) return answer as Measured;
  throw new Error(`measuring a step: the process ended with code ${String(answer)} before it answered`);
}
