/** Verbs that take a clause, by what they say about its truth. Used by CB and taught by the corpus. */
export const clauseVerbs = {
  true: [
    ...['knew', 'proved', 'learned', 'noticed', 'confirmed', 'realized'],
    ...['discovered', 'showed', 'found', 'understood', 'revealed', 'verified'],
  ],
  false: [
    ...['disproved', 'refuted', 'pretended', 'dreamed', 'imagined', 'lied'],
    ...['fantasized', 'faked', 'invented', 'joked', 'misreported', 'hallucinated'],
  ],
} as const;

type Truth = keyof typeof clauseVerbs;
export const truths = Object.keys(clauseVerbs) as Truth[];
