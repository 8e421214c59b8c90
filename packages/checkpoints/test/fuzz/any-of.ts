import type { RandomSource } from '@attune/base';

/** One of some items, each as likely as another. */
export function anyOf<Item>(items: readonly Item[], random: RandomSource): Item {
  return items[random.integer(items.length)]!;
}
