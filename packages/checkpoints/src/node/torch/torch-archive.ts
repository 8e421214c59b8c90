import { PassThrough } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { PickleError } from '../../torch/pickle-reader.ts';
import type { WeightsFile } from '../weights/weights-file.ts';

/** Bytes of an entry in the file. */
interface ArchiveEntry {
  readonly begin: number;
  readonly size: number;
  /** Absent where the file was written without checksums. */
  readonly crc32?: number;
}

/** The parts of a PyTorch file: a pickle that describes tensors, and the storages that hold their numbers. */
export interface TorchArchive {
  /** data.pkl */
  readonly pickle: Uint8Array;
  /** By key. */
  readonly storages: ReadonlyMap<string, ArchiveEntry>;
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
  const entries = await zipEntries(file);
  const pickleName = [...entries.keys()].filter((name) => name.endsWith('/data.pkl'));
  if (pickleName.length !== 1) throw new PickleError(`it has ${pickleName.length} entries data.pkl; expected one`);
  const folder = pickleName[0]!.slice(0, -'data.pkl'.length);
  const byteOrder = entries.get(`${folder}byteorder`);
  if (byteOrder !== undefined && new TextDecoder().decode(await readEntry(file, byteOrder)) !== 'little') {
    throw new PickleError('its byte order is not little');
  }
  const prefix = `${folder}data/`;
  const storages = [...entries].filter(([name]) => name.startsWith(prefix));
  return {
    pickle: await readEntry(file, entries.get(pickleName[0]!)!),
    storages: new Map(storages.map(([name, entry]) => [name.slice(prefix.length), entry])),
  };
}

async function readEntry(file: WeightsFile, { begin, size, crc32: expected }: ArchiveEntry): Promise<Uint8Array> {
  const bytes = await file.read(begin, size);
  if (expected !== undefined && crc32(bytes) !== expected) {
    throw new PickleError(`it is damaged: the checksum of the entry at byte ${begin} differs`);
  }
  return bytes;
}

async function zipEntries(file: WeightsFile): Promise<Map<string, ArchiveEntry>> {
  try {
    const zip = await fromRandomAccessReaderPromise(new PositionedReader(file), file.size, { autoClose: false });
    const entries = new Map<string, ArchiveEntry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new PickleError(`it has the entry ${entry.fileName} twice`);
      entries.set(entry.fileName, await locate(zip, entry));
    }
    return entries;
  } catch (error) {
    if (error instanceof PickleError) throw error;
    throw new PickleError(`not a ZIP archive: ${(error as Error).message}`);
  }
}

async function locate(zip: ZipFile, entry: Entry): Promise<ArchiveEntry> {
  const { fileName, compressionMethod, compressedSize, uncompressedSize, crc32: checksum } = entry;
  if (compressionMethod !== 0 || entry.isEncrypted() || compressedSize !== uncompressedSize) {
    throw new PickleError(`its entry ${fileName} is compressed or encrypted; torch.save writes neither`);
  }
  // It refuses an entry that ends behind the file.
  const { fileDataStart: begin } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return { begin, size: uncompressedSize, ...(checksum === 0 ? {} : { crc32: checksum }) };
}

/** yauzl's reader over a file that is open already. */
class PositionedReader extends RandomAccessReader {
  readonly #file: WeightsFile;

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
    this.#file.readInto(buffer.subarray(offset, offset + length), position).then(
      () => callback(null),
      (error: Error) => callback(error),
    );
  }

  /** The file is closed by who opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
