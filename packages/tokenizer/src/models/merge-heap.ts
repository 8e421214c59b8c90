/** Merges still to be made: the one learnt first comes first, of equal ones the one further to the left. */
export class MergeHeap {
  private readonly keys: number[] = [];
  private readonly results: number[] = [];

  get size(): number {
    return this.keys.length;
  }

  /** @param key  order of the merge times 2^26, plus the place; @param result  the id that it makes */
  push(key: number, result: number): void {
    let at = this.keys.length;
    this.keys.push(key);
    this.results.push(result);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.keys[parent]! <= this.keys[at]!) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** Takes the first one out. */
  pop(): { readonly key: number; readonly result: number } {
    const first = { key: this.keys[0]!, result: this.results[0]! };
    const [key, result] = [this.keys.pop()!, this.results.pop()!];
    if (this.keys.length > 0) {
      this.keys[0] = key;
      this.results[0] = result;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= this.keys.length) return;
      const right = left + 1;
      const least = right < this.keys.length && this.keys[right]! < this.keys[left]! ? right : left;
      if (this.keys[at]! <= this.keys[least]!) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    [this.keys[a], this.keys[b]] = [this.keys[b]!, this.keys[a]!];
    [this.results[a], this.results[b]] = [this.results[b]!, this.results[a]!];
  }
}
