import { PassThrough } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { PickleError } from '../../torch/pickle-reader.ts';
import type { WeightsFile } from '../weights/weights-file.ts';

/** Bytes of an entry in the file. */
export interface ArchiveEntry {
  readonly begin: number;
  readonly size: number;
  /** Absent where the file was written without checksums. */
  readonly crc32?: number;
}

/** The parts of a PyTorch file: a pickle that describes tensors, and the storages that hold their numbers. */
interface TorchArchive {
  /** data.pkl */
  readonly pickle: Uint8Array;
  /** Where the storages of these keys are; of keys that the archive has. */
  readonly locate: (keys: Iterable<string>) => Promise<ReadonlyMap<string, ArchiveEntry>>;
}

/** What PyTorch wrote before 1.6 begins with: a pickle of the magic number 0x1950a86a20f9469cfc6c. */
const legacyStart = '80028a0a6cfc9c46f9206aa85019';

/**
 * The pickle of an archive that `torch.save` wrote, and where its storages are. Entries are stored, not compressed.
 *
 * @throws PickleError when it is another kind of file
 */
export async function openTorchArchive(file: WeightsFile): Promise<TorchArchive> {
  const start = await file.read(0, Math.min(14, file.size));
  if (Buffer.from(start).toString('hex') === legacyStart) {
    throw new PickleError(
      'it is in the format before PyTorch 1.6; load and save it with a newer one, or convert it to safetensors',
    );
  }
  const { entries, locate } = await openZip(file);
  const pickleName = [...entries.keys()].filter((name) => name.endsWith('/data.pkl'));
  if (pickleName.length !== 1) throw new PickleError(`it has ${pickleName.length} entries data.pkl; expected one`);
  const folder = pickleName[0]!.slice(0, -'data.pkl'.length);
  const byteOrder = entries.get(`${folder}byteorder`);
  if (
    byteOrder !== undefined &&
    new TextDecoder().decode(await readEntry(file, await locate(byteOrder))) !== 'little'
  ) {
    throw new PickleError('its byte order is not little');
  }
  return {
    pickle: await readEntry(file, await locate(entries.get(pickleName[0]!)!)),
    locate: async (keys) => {
      const found = new Map<string, ArchiveEntry>();
      for (const key of keys) {
        const entry = entries.get(`${folder}data/${key}`);
        if (entry !== undefined) found.set(key, await locate(entry));
      }
      return found;
    },
  };
}

async function readEntry(file: WeightsFile, { begin, size, crc32: expected }: ArchiveEntry): Promise<Uint8Array> {
  const bytes = await file.read(begin, size);
  if (expected !== undefined && crc32(bytes) !== expected) {
    throw new PickleError(`it is damaged: the checksum of the entry at byte ${begin} differs`);
  }
  return bytes;
}

/** Entries as the archive lists them. Where one begins is read when it is asked for: a file may list many, and use few. */
async function openZip(file: WeightsFile) {
  try {
    const zip = await fromRandomAccessReaderPromise(new PositionedReader(file), file.size, { autoClose: false });
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new PickleError(`it has the entry ${entry.fileName} twice`);
      checkEntry(entry, file.size);
      entries.set(entry.fileName, entry);
    }
    return { entries, locate: (entry: Entry) => asPickleErrors(() => locate(zip, entry)) };
  } catch (error) {
    throw asPickleError(error);
  }
}

function asPickleErrors<Result>(run: () => Promise<Result>): Promise<Result> {
  return run().catch((error: unknown) => {
    throw asPickleError(error);
  });
}

function asPickleError(error: unknown): PickleError {
  return error instanceof PickleError ? error : new PickleError(`not a ZIP archive: ${(error as Error).message}`);
}

/** @throws PickleError when it is compressed or encrypted, or ends behind the file */
function checkEntry(entry: Entry, fileSize: number): void {
  const { fileName, compressionMethod, compressedSize, uncompressedSize } = entry;
  if (compressionMethod !== 0 || entry.isEncrypted() || compressedSize !== uncompressedSize) {
    throw new PickleError(`its entry ${fileName} is compressed or encrypted; torch.save writes neither`);
  }
  if (entry.relativeOffsetOfLocalHeader + compressedSize > fileSize) {
    throw new PickleError(`its entry ${fileName} ends behind the file`);
  }
}

async function locate(zip: ZipFile, entry: Entry): Promise<ArchiveEntry> {
  const { uncompressedSize: size, crc32: checksum } = entry;
  // It refuses an entry that ends behind the file.
  const { fileDataStart: begin } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return { begin, size, ...(checksum === 0 ? {} : { crc32: checksum }) };
}

/** What a list of entries is read by: it asks for some tens of bytes at a time. */
const blockBytes = 2 ** 18;

/** yauzl's reader over a file that is open already. */
class PositionedReader extends RandomAccessReader {
  readonly #file: WeightsFile;
  #block = { start: 0, bytes: new Uint8Array(0) };

  constructor(file: WeightsFile) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): PassThrough {
    const stream = new PassThrough();
    this.#file.read(start, end - start).then(
      (bytes) => stream.end(bytes),
      (error: Error) => stream.destroy(error),
    );
    return stream;
  }

  override read(...[buffer, offset, length, position, callback]: Parameters<RandomAccessReader['read']>): void {
    const finish = () => {
      const from = position - this.#block.start;
      buffer.set(this.#block.bytes.subarray(from, from + length), offset);
      callback(null);
    };
    const { start, bytes } = this.#block;
    const isInBlock = position >= start && position + length <= start + bytes.length;
    // At once where nothing has to be waited for: a list of entries is some 100,000 reads.
    if (isInBlock) finish();
    else this.#readBlock(position, length).then(finish, (error: Error) => callback(error));
  }

  /** At least so many bytes, and what follows them; nothing is there for a place behind the end. */
  async #readBlock(start: number, least: number): Promise<void> {
    const length = Math.max(least, Math.min(blockBytes, this.#file.size - start));
    this.#block = { start, bytes: await this.#file.read(start, length) };
  }

  /** The file is closed by who opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
