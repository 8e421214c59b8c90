/** How long to go on: until both are reached. */
export interface AtLeast {
  readonly steps: number;
  readonly millis: number;
}

/** What runs untimed before anything is timed: a JIT compiler needs a while, however short a step is. */
export const warmup: AtLeast = { steps: 2, millis: 500 };

/** Milliseconds of each run, one after the other, after some that are not timed. */
export async function millisOf(
  run: () => Promise<unknown>,
  { warmup, timed }: { readonly warmup: AtLeast; readonly timed: AtLeast },
): Promise<number[]> {
  await runFor(run, warmup);
  return runFor(run, timed);
}

async function runFor(run: () => Promise<unknown>, { steps, millis }: AtLeast): Promise<number[]> {
  const taken: number[] = [];
  for (let total = 0; taken.length < steps || total < millis; total += taken.at(-1)!) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return taken;
}
