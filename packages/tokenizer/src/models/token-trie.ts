/** Longest token of a model that looks for tokens at each place of a text; time is in proportion to it. */
export const MAX_TOKEN_LENGTH = 128;

interface Node {
  readonly next: Map<number, Node>;
  id?: number;
}

/** Tokens by their characters. */
export class TokenTrie {
  private readonly root: Node = { next: new Map() };

  /** @throws Error when the token is longer than `MAX_TOKEN_LENGTH` */
  add(token: string, id: number): void {
    if (token.length > MAX_TOKEN_LENGTH) {
      const shown = JSON.stringify(`${token.slice(0, 40)}…`);
      throw new Error(
        `model: expected tokens of at most ${MAX_TOKEN_LENGTH} characters, got ${shown} of ${token.length}`,
      );
    }
    let node = this.root;
    for (const char of token) {
      const code = char.codePointAt(0)!;
      const next: Node = node.next.get(code) ?? { next: new Map() };
      node.next.set(code, next);
      node = next;
    }
    node.id = id;
  }

  /** Calls `found` with each token that stands at a place, the shorter before the longer. */
  each(text: string, from: number, found: (id: number, end: number) => void): void {
    let node: Node | undefined = this.root;
    for (let at = from; at < text.length; ) {
      const code = text.codePointAt(at)!;
      node = node.next.get(code);
      if (node === undefined) return;
      at += code > 0xffff ? 2 : 1;
      if (node.id !== undefined) found(node.id, at);
    }
  }

  /** The longest token that stands at a place. */
  longest(text: string, from: number): { readonly id: number; readonly end: number } | undefined {
    let longest: { readonly id: number; readonly end: number } | undefined;
    this.each(text, from, (id, end) => {
      longest = { id, end };
    });
    return longest;
  }
}
