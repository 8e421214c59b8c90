import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

const ownerSchema = z.strictObject({
  host: z.string(),
  pid: z.number().int(),
  /** Where the pid means this process: the running system and its table of processes. Containers share host names. */
  space: z.string(),
  /** Of this process alone. */
  id: z.string().regex(/^[\w-]+$/),
});
/** The process that holds a claim. */
export type Owner = z.infer<typeof ownerSchema>;

/** An owner as a file tells it, and how often it has said that it is there. */
export interface Sighting {
  readonly owner: Owner;
  readonly beat: string;
}

/** This process, as an owner of claims. */
export function thisOwner(): Owner {
  return { host: hostname(), pid: process.pid, space: processSpace(), id: randomUUID() };
}

const beatDigits = 12;

/** The content of an owner's file: a line that says who it is, and a number that grows while it is there. */
export function ownerText(owner: Owner): string {
  return `${JSON.stringify(owner)}\n${beatText(0)}`;
}

/** The growing number, always of the same length, so that it is written over in place. */
export function beatText(count: number): string {
  return `${String(count).padStart(beatDigits, '0')}\n`;
}

/** Bytes before the growing number. */
export function beatPosition(owner: Owner): number {
  return Buffer.byteLength(ownerText(owner)) - beatDigits - 1;
}

/** Reads an owner's file; what is no such file (cut short, say) is somebody of whom only the content is known. */
export function readOwner(text: string): Sighting {
  const [first = '', beat = ''] = text.split('\n');
  try {
    return { owner: ownerSchema.parse(JSON.parse(first)), beat };
  } catch {
    return { owner: { host: 'unknown', pid: 0, space: 'unknown', id: 'unreadable' }, beat: text };
  }
}

/** Whether a process is known to be gone: it was one of this system, which has none of that number. */
export function hasEnded(owner: Owner, here: Owner): boolean {
  if (owner.host !== here.host || owner.space !== here.space) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Linux tells which start of the system this is and which table of processes; elsewhere the host has to do. */
function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return process.platform;
  }
}
