import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ConfigError } from '../../errors.ts';

/**
 * The path of a file that belongs to a model directory, which neither its name nor a symbolic link may leave: an
 * index from elsewhere must not make this process read other files. A snapshot of the hub's cache links to the blobs
 * beside it, which belong to it.
 *
 * @param namedBy  what names the file, for the message
 * @throws ConfigError when it is outside the directory, or not there
 */
export async function fileInDirectory(directory: string, name: string, namedBy = directory): Promise<string> {
  if (name !== basename(name) || name === '..' || name === '.' || name === '' || name.includes('\\')) {
    throw new ConfigError(`${namedBy}: ${JSON.stringify(name)} leaves the directory; expected a file's name alone`);
  }
  const path = join(directory, name);
  const [root, target] = await Promise.all([realpath(directory), realpath(path)]).catch((error: Error) => {
    throw new ConfigError(`${namedBy}: ${name} cannot be read: ${error.message}`, { cause: error });
  });
  const allowed = [root, ...blobsOf(root)];
  if (allowed.some((folder) => target.startsWith(folder + sep))) return path;
  throw new ConfigError(
    `${path}: is a link to ${target}, outside the model directory; copy the file, or link the whole directory`,
  );
}

/** `<repository>/blobs` for `<repository>/snapshots/<commit>`. */
function blobsOf(directory: string): string[] {
  const snapshots = dirname(directory);
  return basename(snapshots) === 'snapshots' ? [join(dirname(snapshots), 'blobs')] : [];
}
