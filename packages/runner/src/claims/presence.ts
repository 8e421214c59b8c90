import { closeSync, fdatasync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beatPosition, beatText, type Owner, ownerText } from './owner.ts';

/**
 * The file by which a process says that it is there. Its claims are further names of the same file (hard links), so one
 * write beats for all of them, and a claim is complete from its first moment.
 */
export class Presence {
  readonly #folder: string;
  readonly #owner: Owner;
  /** Open files: the process's own, and a copy for each claim where the file system has no hard links. */
  readonly #files = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #beats = 0;
  #syncing = 0;

  /** @throws as node:fs does when the folder cannot be made or written */
  constructor(folder: string, owner: Owner, beatEveryMs: number) {
    this.#folder = folder;
    this.#owner = owner;
    this.#appear();
    this.#timer = setInterval(() => this.#beat(), beatEveryMs).unref();
  }

  get #file(): string {
    return join(this.#folder, `owner.${this.#owner.id}`);
  }

  /**
   * Gives the file a further name, in one step that only one process can do, on file systems over a network too.
   *
   * @returns false where the name is taken
   * @throws as node:fs does when the folder cannot be written
   */
  place(path: string): boolean {
    try {
      linkSync(this.#file, path);
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code === 'EEXIST') return false;
      if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) return this.#place(path);
      if (code !== 'ENOENT') throw error;
    }
    // The folder was removed while the run went on.
    this.#leave(this.#file);
    this.#appear();
    return this.place(path);
  }

  /** Takes a name away that `place` gave. */
  leave(path: string): void {
    rmSync(path, { force: true });
    this.#leave(path);
  }

  end(): void {
    clearInterval(this.#timer);
    this.leave(this.#file);
    for (const path of [...this.#files.keys()]) this.#leave(path);
  }

  #appear(): void {
    mkdirSync(this.#folder, { recursive: true });
    try {
      if (!this.#place(this.#file)) throw new Error(`${this.#file} is there already`);
    } catch (error) {
      // Another process that ended has just taken the empty folder away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#appear();
    }
  }

  /** A file with the owner in it, made by this process alone. */
  #place(path: string): boolean {
    try {
      this.#files.set(path, openSync(path, 'wx'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    try {
      const text = ownerText(this.#owner);
      const written = writeSync(this.#files.get(path)!, text);
      if (written < text.length) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      fsyncSync(this.#files.get(path)!);
      return true;
    } catch (error) {
      this.leave(path);
      throw error;
    }
  }

  #leave(path: string): void {
    const file = this.#files.get(path);
    if (file !== undefined) closeSync(file);
    this.#files.delete(path);
  }

  /** Writes into the files that are open: a name that somebody else has taken over is never written to. */
  #beat(): void {
    // A slow disk gets no second beat before it has the first.
    if (this.#syncing > 0) return;
    this.#beats += 1;
    for (const file of this.#files.values()) {
      try {
        // At once, while the number of the file is surely this file's; what waits for the disk may be late.
        writeSync(file, beatText(this.#beats), beatPosition(this.#owner));
      } catch {
        // A beat that cannot be written is one that others do not see.
      }
      this.#syncing += 1;
      fdatasync(file, () => {
        this.#syncing -= 1;
      });
    }
  }
}
