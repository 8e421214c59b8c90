import { readdir } from 'node:fs/promises';

/** The names in a folder, or what is wrong with it. */
export async function entries(directory: string): Promise<string[] | string> {
  return readdir(directory).then(
    (names) => names.sort(),
    ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ENOENT') return 'no such folder';
      return code === 'ENOTDIR' ? 'is no folder but a file' : `cannot be read (${code})`;
    },
  );
}

/** Names in a sentence, the first ten of them. */
export function list(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
