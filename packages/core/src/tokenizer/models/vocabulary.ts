import { z } from 'zod';

/**
 * Tokens and their ids, as tokenizer.json and vocab.json have them. Checked by hand: a schema for each of 150,000
 * entries takes longer than everything else, and drops a token named "__proto__".
 */
export const vocabularySchema = z.custom<object>().transform((value, context): ReadonlyMap<string, number> => {
  const fail = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('an object of token: id');
  const vocabulary = new Map<string, number>();
  const tokens = new Map<number, string>();
  for (const [token, id] of Object.entries(value)) {
    if (!Number.isInteger(id) || id < 0 || id > MAX_ID) return fail(`an id from 0 to ${MAX_ID} for ${quoted(token)}`);
    const other = tokens.get(id);
    if (other !== undefined) return fail(`an id of its own for ${quoted(token)}; ${quoted(other)} has ${id} too`);
    vocabulary.set(token, id);
    tokens.set(id, token);
  }
  return vocabulary;
});

/** Far beyond any vocabulary; an id past it is a damaged file and would ask for gigabytes of logits. */
export const MAX_ID = 2 ** 24 - 1;

const quoted = (token: string) => JSON.stringify(token.length > 40 ? `${token.slice(0, 40)}…` : token);
