import { groups } from '../../src/ontology/kinds.ts';
import { match, type Words } from './words.ts';

/** What a sentence says of a person: about which kind of which group, and whether it affirms it. */
export interface Said {
  readonly group: string;
  readonly kind: string;
  /** The made-up word itself, or the kind's where it is said so. */
  readonly thing: string;
  readonly positive: boolean;
}

/** Base forms by what the ontology says with them, e.g. "keep" and "keeps". */
const forms = groups.flatMap((group) =>
  group.facts.flatMap((fact) =>
    [fact.thing, fact.kind, fact.bareThing, fact.bareKind].map((form) => ({
      group: group.name,
      start: form.replace(/ an? \{x\}$| \{x\}$/, ''),
    })),
  ),
);

/** Reads "keeps a dorvel", "does not keep a bird", "keep a dorvel". */
export function readStatement(text: string, { kindOf, groupOf }: Words): Said {
  const [denial, verb, object] = match(/^(does not |did not )?(.+?) (?:an? )?(\p{L}+)$/u, text);
  const group = groupOf(object!);
  if (group === undefined || !forms.some((form) => form.group === group && form.start === verb))
    throw new Error(`no fact reads so: ${text}`);
  return {
    group,
    kind: kindOf(object!) ?? object!.toLowerCase(),
    thing: object!.toLowerCase(),
    positive: denial === undefined,
  };
}
