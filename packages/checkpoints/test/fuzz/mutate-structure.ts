import type { RandomSource } from '@attune/base';
import { anyOf } from './any-of.ts';
import { type ArrayTree, type JsonTree, jsonTree, type ObjectTree, treeText, valuesOf } from './json-tree.ts';

type Edit = (tree: JsonTree, random: RandomSource) => void;

/** Deeper than any parser's or printer's recursion goes. */
const depth = 100_000;

const oddValues: readonly string[] = [
  ...['9007199254740992', '9007199254740993', '-9007199254740992', '4294967296', '1e308', '1e999', '-1', '0', '0.5'],
  ...['"\\ud800"', '"\\udc00a"', '"\\u0000"', '"\\u001b[31m"', '"\\u202e"', '""', 'null', 'true', '[]', '{}'],
  ...[`"${'a'.repeat(50_000)}"`, `"${'../'.repeat(8)}etc/hostname"`, '"__proto__"', '"constructor"'],
  ...['{"Regex":"(a+)+$"}', '{"Regex":"(a|a)*b"}', '{"Regex":"(.*)*x"}', '{"String":"a"}', '{"String":""}'],
  ...[`${'['.repeat(depth)}${']'.repeat(depth)}`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
];

const oddKeys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '\ud800', 'a'.repeat(10_000)];

/** Each doubles what it is given: thirty in a row make a thousand million letters of one. */
const doubling = { type: 'Replace', pattern: { String: 'a' }, content: 'aa' };

const edits: readonly Edit[] = [
  swapValues,
  swapValues,
  (tree, random) => become(anyOf(valuesOf(tree), random), { kind: 'leaf', text: anyOf(oddValues, random) }),
  (tree, random) => become(anyOf(valuesOf(tree), random), { kind: 'leaf', text: anyOf(oddValues, random) }),
  (tree, random) => become(anyOf(valuesOf(tree), random), anyCopy(tree, random)),
  (tree, random) => {
    const value = anyOf(valuesOf(tree), random);
    become(value, { kind: 'array', items: [copy(value)] });
  },
  onObject(({ entries }, random, tree) => {
    entries.push({ key: anyOf(oddKeys, random), value: anyCopy(tree, random) });
  }),
  onEntry((entry, _, random) => {
    entry.key = anyOf(oddKeys, random);
  }),
  // The same name twice, with the same value or another.
  onEntry(({ key }, { entries }, random, tree) => {
    entries.splice(random.integer(entries.length + 1), 0, { key, value: anyCopy(tree, random) });
  }),
  onEntry((entry, { entries }, random) => {
    entry.key = anyOf(entries, random).key;
  }),
  onEntry((entry, { entries }) => {
    entries.splice(entries.indexOf(entry), 1);
  }),
  onItem((item, { items }) => {
    items.splice(items.indexOf(item), 1);
  }),
  onItem((item, { items }, random) => {
    // Hundreds of what is deep or long already would be a file of tens of megabytes, which takes its time.
    const most = treeText(item).length > 1_000 ? 1 : 300;
    for (let count = Math.min(most, [1, 30, 300][random.integer(3)]!); count > 0; count--) items.push(copy(item));
  }),
  onItem((item, { items }, random) => {
    items.splice(items.indexOf(item), 1);
    items.splice(random.integer(items.length + 1), 0, item);
  }),
  onArray((array) => {
    array.items = Array.from({ length: 30 }, () => jsonTree(doubling));
  }),
];

/** One to three changes of what a file of JSON says: names, values, their places and kinds. */
export function mutateJson(text: string, random: RandomSource): string {
  const tree = jsonTree(JSON.parse(text));
  for (let count = 1 + random.integer(3); count > 0; count--) anyOf(edits, random)(tree, random);
  return treeText(tree);
}

function swapValues(tree: JsonTree, random: RandomSource): void {
  const values = valuesOf(tree);
  const [one, other] = [anyOf(values, random), anyOf(values, random)];
  const [first, second] = [copy(one), copy(other)];
  become(one, second);
  // Where one holds the other, it is gone by now.
  become(other, first);
}

function onObject(edit: (object: ObjectTree, random: RandomSource, tree: JsonTree) => void): Edit {
  return (tree, random) => {
    const objects = valuesOf(tree).filter((value) => value.kind === 'object');
    if (objects.length > 0) edit(anyOf(objects, random), random, tree);
  };
}

type Entry = ObjectTree['entries'][number];

function onEntry(edit: (entry: Entry, object: ObjectTree, random: RandomSource, tree: JsonTree) => void): Edit {
  return onObject((object, random, tree) => {
    if (object.entries.length > 0) edit(anyOf(object.entries, random), object, random, tree);
  });
}

function onArray(edit: (array: ArrayTree, random: RandomSource) => void): Edit {
  return (tree, random) => {
    const arrays = valuesOf(tree).filter((value) => value.kind === 'array');
    if (arrays.length > 0) edit(anyOf(arrays, random), random);
  };
}

function onItem(edit: (item: JsonTree, array: ArrayTree, random: RandomSource) => void): Edit {
  return onArray((array, random) => {
    if (array.items.length > 0) edit(anyOf(array.items, random), array, random);
  });
}

function anyCopy(tree: JsonTree, random: RandomSource): JsonTree {
  return copy(anyOf(valuesOf(tree), random));
}

function copy(tree: JsonTree): JsonTree {
  return structuredClone(tree);
}

/** Puts another value in a value's place. */
function become(value: JsonTree, other: JsonTree): void {
  for (const key of Object.keys(value)) delete (value as unknown as Record<string, unknown>)[key];
  Object.assign(value, other);
}
