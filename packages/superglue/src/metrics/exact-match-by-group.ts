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
