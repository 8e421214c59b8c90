import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage before memory is measured: twice, since buffers and finalizers that one collection finds are freed
 * beside it, and surely before the next. What ran until a turn of the event loop counts as in use, so turns are waited
 * for before, between and after. Needs no flag; with `--expose-gc` nothing has to be made for it.
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
