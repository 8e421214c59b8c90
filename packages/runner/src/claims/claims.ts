import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Owner, readOwner, type Sighting, thisOwner } from './owner.ts';
import { Presence } from './presence.ts';
import { type ClaimTiming, claimTiming, Watch } from './watch.ts';

/**
 * What this process and no other may do in a folder, on this machine or another that shares the folder. A claim is a file
 * of the claimed name that says who holds it. That of an owner which is gone is not removed but succeeded: whoever makes
 * the one file `<name>.<id of the gone owner>` holds the claim next, so two that find it left behind cannot both take it.
 *
 * A process that was only asleep (a suspended machine) may find its claim taken: its work is then done twice, which a
 * writer of records notices (`RecordStore.write`).
 */
export class Claims {
  readonly #folder: string;
  readonly #owner: Owner;
  readonly #presence: Presence;
  readonly #watch: Watch;
  readonly #timing: ClaimTiming;
  /** The files of each claim that is held: those of gone owners, then this process's own. */
  readonly #held = new Map<string, readonly string[]>();
  readonly #onExit = () => this.close();

  /**
   * @param folder  made when it is not there; gone again when nobody claims anything
   * @throws as node:fs does when it cannot be made or written
   */
  constructor(folder: string, timing: ClaimTiming = claimTiming) {
    this.#folder = folder;
    this.#owner = thisOwner();
    this.#timing = timing;
    this.#watch = new Watch(this.#owner, timing);
    this.#presence = new Presence(folder, this.#owner, timing.beatEveryMs);
    // An exit in the middle (a second Ctrl-C, an error nobody caught) leaves no claim either.
    process.once('exit', this.#onExit);
  }

  /** @returns whether the claim is this process's now; it is not while another one holds it */
  take(name: string): boolean {
    let chain: string[] = [];
    let file = name;
    for (;;) {
      const holder = this.#read(file);
      if (holder?.owner.id === this.#owner.id) return false;
      if (holder === undefined) {
        if (!this.#presence.place(join(this.#folder, file))) continue;
        if (this.#leadsTo(name, file)) {
          this.#held.set(name, [...chain, file]);
          return true;
        }
        // The owner that was to be succeeded has ended in order meanwhile.
        this.#presence.leave(join(this.#folder, file));
        [chain, file] = [[], name];
      } else if (this.#watch.isGone(holder)) {
        chain.push(file);
        file = successor(name, holder.owner);
      } else return false;
    }
  }

  /** Ends a claim of this process; nothing happens where it has none of that name. */
  release(name: string): void {
    const files = this.#held.get(name) ?? [];
    this.#held.delete(name);
    const own = files.at(-1);
    if (own === undefined) return;
    // What another process has taken over is that one's to remove.
    const isTaken = this.#read(successor(name, this.#owner)) !== undefined;
    for (const file of isTaken ? [] : files.slice(0, -1)) rmSync(join(this.#folder, file), { force: true });
    if (!isTaken && this.#read(own)?.owner.id === this.#owner.id) this.#presence.leave(join(this.#folder, own));
  }

  /** Does something while this process alone holds a claim, after waiting for it. */
  async during<Value>(name: string, run: () => Promise<Value>): Promise<Value> {
    while (!this.take(name)) await setTimeout(Math.min(50, this.#timing.lookEveryMs));
    try {
      return await run();
    } finally {
      this.release(name);
    }
  }

  /** Whether another process that may be there has said so in this folder. */
  get hasCompany(): boolean {
    return this.#files().some((file) => {
      const seen = this.#read(file);
      return seen !== undefined && seen.owner.id !== this.#owner.id && !this.#watch.isGone(seen);
    });
  }

  /** Ends all claims of this process, takes away what ended processes left, and the folder when it is empty. */
  close(): void {
    process.off('exit', this.#onExit);
    for (const name of [...this.#held.keys()]) this.release(name);
    for (const file of this.#files()) this.#sweep(file);
    this.#presence.end();
    try {
      rmdirSync(this.#folder);
    } catch {
      // Somebody else is there, or the folder is gone.
    }
  }

  #sweep(file: string): void {
    const [name] = file.split('.') as [string];
    if (name === file) {
      // Only whoever succeeds a gone owner may remove its claim.
      if (this.take(name)) this.release(name);
      return;
    }
    const seen = this.#read(file);
    const isLeft = seen !== undefined && this.#watch.isGone(seen) && !this.#leadsTo(name, file);
    if (isLeft) rmSync(join(this.#folder, file), { force: true });
  }

  /** Whether the files from a claim's first to this one are there, each that of the successor of the one before. */
  #leadsTo(name: string, last: string): boolean {
    for (let file = name; ; ) {
      const holder = this.#read(file);
      if (holder === undefined) return false;
      if (file === last) return true;
      file = successor(name, holder.owner);
    }
  }

  #read(file: string): Sighting | undefined {
    try {
      return readOwner(readFileSync(join(this.#folder, file), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #files(): readonly string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }
}

function successor(name: string, { id }: Owner): string {
  return `${name}.${id}`;
}
