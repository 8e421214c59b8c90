/**
 * Expected F1 of one class when each of n items is called positive with probability p, independently. Given k
 * positive calls, tp is hypergeometric with mean k P / n and F1 = 2 tp / (P + k), so exactly
 *
 *   E[F1] = Σ_k Binomial(k; n, p) · 2 k P / (n (P + k)).
 *
 * @param positives  P, items whose answer is the class
 * @param total      n
 * @param rate       p
 */
export function expectedF1(positives: number, total: number, rate: number): number {
  if (positives === 0) return 0;
  let expected = 0;
  let logChoose = 0;
  for (let calls = 1; calls <= total; calls++) {
    logChoose += Math.log(total - calls + 1) - Math.log(calls);
    const probability = Math.exp(logChoose + calls * Math.log(rate) + (total - calls) * Math.log1p(-rate));
    expected += (probability * 2 * calls * positives) / (total * (positives + calls));
  }
  return expected;
}
