/** One decision: the features of each choice, and which of them is right. */
export interface Decision {
  readonly choices: readonly (readonly string[])[];
  readonly gold: number;
}

const epochs = 20;
const learningRate = 0.5;
const decay = 1e-3;

/**
 * Multinomial logistic regression over sparse binary features, P(choice) ∝ exp(Σ w_f), fitted by AdaGrad
 * (Duchi et al. 2011) in the order given, with L2 decay of the weights that a decision has.
 *
 * @returns the share of `test` that it gets right
 */
export function accuracyOfChoiceModel(train: readonly Decision[], test: readonly Decision[]): number {
  const weights = new Map<string, { value: number; squares: number }>();
  const weight = (feature: string) => {
    const known = weights.get(feature) ?? { value: 0, squares: 1e-8 };
    weights.set(feature, known);
    return known;
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { choices, gold } of train) {
      const shares = softmax(choices.map((features) => score(features, weights)));
      for (const [index, features] of choices.entries()) {
        const gradient = shares[index]! - Number(index === gold);
        for (const feature of features) {
          const own = weight(feature);
          const step = gradient + decay * own.value;
          own.squares += step * step;
          own.value -= (learningRate * step) / Math.sqrt(own.squares);
        }
      }
    }
  }
  const right = test.filter(({ choices, gold }) => {
    const scores = choices.map((features) => score(features, weights));
    return scores.indexOf(Math.max(...scores)) === gold;
  });
  return right.length / test.length;
}

const score = (features: readonly string[], weights: ReadonlyMap<string, { value: number }>): number =>
  features.reduce((sum, feature) => sum + (weights.get(feature)?.value ?? 0), 0);

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
