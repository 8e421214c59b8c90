import { DatasetError } from '@attune/core';

const GENDERED = /(?<![\p{L}\p{N}_])(?:he|she|him|her|his|hers|himself|herself)(?![\p{L}\p{N}_])/giu;

interface ParityRow {
  readonly premise: string;
  readonly hypothesis: string;
}

/**
 * Minimal pairs of AX-g: rows with the same hypothesis whose premises differ in gendered pronouns only. The rows'
 * own `pair_id` differs in every row, and their order is not to be relied on.
 *
 * @returns indices of each pair's rows, and of rows that belong to no group of exactly two
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
    if (members.length === 2 && first !== undefined && second !== undefined) pairs.push([first, second]);
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
