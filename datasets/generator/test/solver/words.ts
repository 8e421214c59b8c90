import { cycles } from '../../src/ontology/cycles.ts';
import { type Group, groups } from '../../src/ontology/kinds.ts';
import { topics } from '../../src/ontology/topics.ts';
import type { World } from '../../src/world.ts';

/** What the ontology says of single words. */
export interface Words {
  /** The kind of a made-up thing, e.g. 'bird'. */
  kindOf(word: string): string | undefined;
  /** The group of a thing or of a kind. */
  groupOf(word: string): Group['name'] | undefined;
}

export function wordsOf(world: World): Words {
  const kinds = new Map([...world.things].flatMap(([kind, things]) => things.map((thing) => [thing, kind] as const)));
  const kindOf = (word: string): string | undefined => kinds.get(word.toLowerCase());
  const groupOf = (word: string) => {
    const kind = kindOf(word) ?? word.toLowerCase();
    return groups.find((group) => group.kinds.includes(kind))?.name;
  };
  return { kindOf, groupOf };
}

/** Words of a text, without punctuation. */
export const wordsIn = (text: string): string[] => text.match(/\p{L}+/gu) ?? [];

/** Round and stage of a verb. */
export function stageOf(verb: string): { cycle: number; stage: number } {
  const cycle = cycles.findIndex((stages) => stages.flat().includes(verb));
  if (cycle < 0) throw new Error(`no round has the verb ${verb}`);
  return { cycle, stage: cycles[cycle]!.findIndex((verbs) => verbs.includes(verb)) };
}

/** The one topic that a sentence's words come from. */
export function topicOf(sentence: string): number {
  const found = topics.flatMap((topic, index) =>
    wordsIn(sentence).some((word) => topic.includes(word)) ? [index] : [],
  );
  if (found.length !== 1) throw new Error(`expected words of one topic, found ${found.length}: ${sentence}`);
  return found[0]!;
}

/** The groups of a pattern's match. @throws when it does not match */
export function match(pattern: RegExp, text: string): readonly string[] {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`${pattern} does not match: ${text}`);
  return found.slice(1);
}
