/** A function cannot be recorded as a graph: an unknown kernel, a value read inside, an undeclared dtype. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}
