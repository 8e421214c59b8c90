/** How long, how fast and how regularised a model is trained; the same for all methods. */
export interface TrainingSettings {
  /** Peak of a linear warm-up and decay to 0. */
  readonly learningRate: number;
  readonly batchSize: number;
  /** May be fractional. */
  readonly epochs: number;
  /** Upper limit on steps, whatever `epochs` says. */
  readonly maxSteps?: number | undefined;
  /** Share of all steps spent warming up. */
  readonly warmupRatio: number;
  readonly weightDecay: number;
  /** Global-norm clipping; absent: none. */
  readonly maxGradientNorm?: number | undefined;
  readonly l1: number;
  readonly l2: number;
  /** Replaces every dropout rate of the model's config; adapters keep their own. */
  readonly dropout?: number | undefined;
  /** Longest sequence, in tokens. */
  readonly maxLength: number;
  /** May be fractional: 0.5 evaluates every second epoch. The last step is always evaluated. */
  readonly evaluationsPerEpoch: number;
  /** Evaluations without a strict improvement before stopping; absent: never. */
  readonly patience?: number | undefined;
}
