import { DatasetError } from '@attune/base';

/**
 * Right answers over all items. An item without a prediction counts as wrong.
 *
 * @param gold       one answer per item
 * @param predicted  in the same order
 */
export function accuracy(gold: readonly string[], predicted: readonly (string | undefined)[]): number {
  return gold.filter((answer, index) => answer === predicted[index]).length / gold.length;
}

const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** `\b` knows ASCII letters only and would cut the last letter off "léa". */
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** Python's whitespace: unlike `\s` without U+FEFF, and with the separators U+001C to U+001F and U+0085. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python splits on these.
const WHITESPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/**
 * The words of an answer after SQuAD's normalisation: lower case, ASCII punctuation deleted (not blanked), the
 * articles a, an and the dropped, split on whitespace.
 */
function answerWords(answer: string): string[] {
  const bare = answer.toLowerCase().replace(ASCII_PUNCTUATION, '').replace(ARTICLE, ' ');
  return bare.split(WHITESPACE).filter((word) => word !== '');
}

/** An answer after SQuAD's normalisation, as one string. */
export function normalizeAnswer(answer: string): string {
  return answerWords(answer).join(' ');
}

/** ReCoRD, one query: 1 if the prediction equals one of the right answers after normalisation, else 0. */
export function exactMatch(predicted: string, golds: readonly string[]): number {
  return golds.some((gold) => normalizeAnswer(gold) === normalizeAnswer(predicted)) ? 1 : 0;
}

/**
 * MultiRC's exact match: the share of questions whose answers are all labelled right.
 *
 * @param groups  each answer's question, as passage and question id: a question id may repeat in another passage
 */
export function exactMatchByGroup(
  gold: readonly string[],
  predicted: readonly (string | undefined)[],
  groups: readonly string[],
): number {
  const isRight = new Map<string, boolean>();
  for (const [index, group] of groups.entries()) {
    isRight.set(group, (isRight.get(group) ?? true) && gold[index] === predicted[index]);
  }
  return [...isRight.values()].filter(Boolean).length / isRight.size;
}

/**
 * F1 of one class against the rest, pooled over items: 2 tp / (2 tp + fp + fn), and 0 when that is 0 / 0.
 * An item without a prediction is a miss of its class.
 */
export function f1(gold: readonly string[], predicted: readonly (string | undefined)[], positive: string): number {
  let hits = 0;
  let errors = 0;
  for (const [index, answer] of gold.entries()) {
    const isPositive = answer === positive;
    const saidPositive = predicted[index] === positive;
    if (isPositive && saidPositive) hits += 1;
    else if (isPositive || saidPositive) errors += 1;
  }
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + errors);
}

/**
 * MultiRC's F1a: the answers of all questions pooled, positive class "1". Not a mean over questions, and 0 when
 * nothing is positive, where the data set's first script gave 1.
 */
export function f1Answer(gold: readonly string[], predicted: readonly (string | undefined)[]): number {
  return f1(gold, predicted, '1');
}

/**
 * Unweighted mean of the classes' F1 (CB). A class that occurs in neither gold nor predictions counts 0, as in the
 * benchmark authors' code; scikit-learn would leave it out of the mean.
 */
export function f1Macro(
  gold: readonly string[],
  predicted: readonly (string | undefined)[],
  classes: readonly string[],
): number {
  return classes.reduce((sum, label) => sum + f1(gold, predicted, label), 0) / classes.length;
}

/**
 * ReCoRD, one query: the best F1 between the prediction's words and a right answer's, as multisets, after
 * normalisation. Without a common word it is 0, even when both are empty.
 */
export function f1Token(predicted: string, golds: readonly string[]): number {
  return Math.max(0, ...golds.map((gold) => overlapF1(answerWords(predicted), answerWords(gold))));
}

function overlapF1(predicted: readonly string[], gold: readonly string[]): number {
  const left = [...gold];
  let common = 0;
  for (const word of predicted) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    common += 1;
  }
  return common === 0 ? 0 : (2 * common) / (predicted.length + gold.length);
}

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

const GENDERED = /(?<![\p{L}\p{N}_])(?:he|she|him|her|his|hers|himself|herself)(?![\p{L}\p{N}_])/giu;

interface ParityRow {
  readonly premise: string;
  readonly hypothesis: string;
}

/**
 * Minimal pairs of AX-g: rows with the same hypothesis whose premises differ in gendered pronouns only. The rows'
 * own `pair_id` differs in every row, and their order is not to be relied on.
 *
 * @returns indices of each pair's rows, and of rows that belong to no group of exactly two that differ
 */
export function minimalPairs(rows: readonly ParityRow[]): { pairs: [number, number][]; unpaired: number[] } {
  const groups = new Map<string, number[]>();
  for (const [index, row] of rows.entries()) {
    const key = JSON.stringify([row.hypothesis, row.premise.replace(GENDERED, '<pronoun>')]);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  const pairs: [number, number][] = [];
  const unpaired: number[] = [];
  for (const members of groups.values()) {
    const [first, second] = members;
    const isPair = members.length === 2 && rows[first!]!.premise !== rows[second!]!.premise;
    if (isPair) pairs.push([first!, second!]);
    else unpaired.push(...members);
  }
  return { pairs, unpaired };
}

/**
 * Gender parity score: the share of minimal pairs with equal predictions, right or wrong. A constant answer gets 1,
 * so it says something only beside accuracy.
 *
 * @throws DatasetError when there is no pair
 */
export function genderParity(
  pairs: readonly (readonly [number, number])[],
  predicted: readonly (string | undefined)[],
): number {
  if (pairs.length === 0) throw new DatasetError('gender parity: expected minimal pairs, got none');
  return pairs.filter(([first, second]) => predicted[first] === predicted[second]).length / pairs.length;
}

/**
 * Matthews correlation of two classes (AX-b):
 * (tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn)), and 0 when the root is 0. In [-1, 1].
 * Which class is called positive does not matter.
 */
export function matthewsCorrelation(
  gold: readonly string[],
  predicted: readonly (string | undefined)[],
  positive: string,
): number {
  const counts = { tp: 0, tn: 0, fp: 0, fn: 0 };
  for (const [index, answer] of gold.entries()) {
    const said = predicted[index] === positive;
    if (answer === positive) counts[said ? 'tp' : 'fn'] += 1;
    else counts[said ? 'fp' : 'tn'] += 1;
  }
  return matthewsFromCounts(counts);
}

/** Matthews correlation from the four counts; see `matthewsCorrelation`. */
export function matthewsFromCounts({ tp, tn, fp, fn }: { tp: number; tn: number; fp: number; fn: number }): number {
  const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product === 0 ? 0 : (tp * tn - fp * fn) / Math.sqrt(product);
}
