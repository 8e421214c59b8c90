/** Verbs before "to" and a deed: whether the deed was done. Used by RTE and taught by the corpus. */
export const deedVerbs = {
  done: [
    'managed',
    'dared',
    'remembered',
    'bothered',
    'happened',
    'chose',
    'troubled',
    'helped',
    'deigned',
    'proceeded',
    'condescended',
    'contrived',
  ],
  undone: [
    'failed',
    'forgot',
    'refused',
    'neglected',
    'declined',
    'omitted',
    'hesitated',
    'dreaded',
    'disdained',
    'promised',
    'planned',
    'longed',
  ],
} as const;

export type Outcome = keyof typeof deedVerbs;
