const sampleEveryMs = 20;

/**
 * Highest resident set size of this process while something runs, by sampling: native memory (session arenas,
 * wasm heaps) counts, which the JavaScript heap's own figures leave out.
 */
export async function withPeakMemory<Value>(run: () => Promise<Value>): Promise<{ value: Value; peakBytes: number }> {
  let peakBytes = process.memoryUsage.rss();
  const sample = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, sampleEveryMs);
  try {
    const value = await run();
    sample();
    return { value, peakBytes };
  } finally {
    clearInterval(timer);
  }
}
