import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage before memory is measured. Two collections: what the first one finds (buffers, objects with
 * finalizers) is freed beside it, and is surely gone at the second. Turns of the event loop are waited for before,
 * between and after, because until its end a turn holds what ran in it. Needs no flag; `--expose-gc` saves making the
 * function.
 */
export async function collectGarbage(): Promise<void> {
  const collect = globalThis.gc ?? exposed();
  for (let pass = 0; pass < 2; pass += 1) {
    await turn();
    collect();
  }
  await turn();
}

/** V8 gives the function to contexts that are made after the flag is set. */
function exposed(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
