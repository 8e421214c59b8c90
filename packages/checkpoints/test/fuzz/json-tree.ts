/** A value of JSON whose objects may have a key twice, in any order, and whose leaves are any text. */
export type JsonTree = ObjectTree | ArrayTree | { readonly kind: 'leaf'; text: string };

export interface ObjectTree {
  readonly kind: 'object';
  entries: { key: string; value: JsonTree }[];
}

export interface ArrayTree {
  readonly kind: 'array';
  items: JsonTree[];
}

export function jsonTree(value: unknown): JsonTree {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(jsonTree) };
  if (typeof value !== 'object' || value === null) return { kind: 'leaf', text: JSON.stringify(value) };
  return { kind: 'object', entries: Object.entries(value).map(([key, inner]) => ({ key, value: jsonTree(inner) })) };
}

export function treeText(tree: JsonTree): string {
  if (tree.kind === 'leaf') return tree.text;
  if (tree.kind === 'array') return `[${tree.items.map(treeText).join(',')}]`;
  return `{${tree.entries.map(({ key, value }) => `${JSON.stringify(key)}:${treeText(value)}`).join(',')}}`;
}

/** Every value in the tree, itself first. */
export function valuesOf(tree: JsonTree): JsonTree[] {
  if (tree.kind === 'leaf') return [tree];
  const inner = tree.kind === 'array' ? tree.items : tree.entries.map(({ value }) => value);
  return [tree, ...inner.flatMap(valuesOf)];
}
