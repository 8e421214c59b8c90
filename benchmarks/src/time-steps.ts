/** Milliseconds of each of `steps` runs, one after the other, after `warmup` that are not timed. */
export async function millisOf(
  run: () => Promise<unknown>,
  { warmup, steps }: { readonly warmup: number; readonly steps: number },
): Promise<number[]> {
  const millis: number[] = [];
  for (let index = 0; index < warmup + steps; index++) {
    const start = performance.now();
    await run();
    if (index >= warmup) millis.push(performance.now() - start);
  }
  return millis;
}
