/** Verbs before "to" and a deed: whether the deed was done. Used by RTE and AX-b, and taught by the corpus. */
export const deedVerbs = {
  done: [
    ...['managed', 'dared', 'remembered', 'bothered', 'happened', 'chose'],
    ...['helped', 'deigned', 'proceeded', 'condescended', 'contrived', 'hastened'],
  ],
  undone: [
    ...['failed', 'forgot', 'refused', 'neglected', 'declined', 'omitted'],
    ...['hesitated', 'dreaded', 'disdained', 'feigned', 'scrupled', 'loathed'],
  ],
} as const;

type Outcome = keyof typeof deedVerbs;
export const outcomes = Object.keys(deedVerbs) as Outcome[];
