import { join } from 'node:path';
import { readText, writeAtomically } from '@attune/base/node';
import { contentHash, type ExperimentRecord, hashSchema, type TrialRecord } from '@attune/records';
import { z } from 'zod';
import { processorKind } from './prove-trial.ts';

/** Records of an output folder that were proved on this machine: they are not proved again until the code changes. */
const rememberedSchema = z.strictObject({
  schemaVersion: z.literal(1),
  code: hashSchema,
  processor: z.string(),
  /** Key to hash of the record. */
  records: z.record(z.string(), hashSchema),
});

/** That all records which an experiment lists were proved: committed beside them, so that a fresh clone need not. */
const attestedSchema = z.strictObject({
  schemaVersion: z.literal(1),
  code: hashSchema,
  /** Where it was done. */
  processor: z.string(),
  /** sha256 over keys and hashes of all records, in order of keys. */
  records: hashSchema,
});

/** Which records of an output folder the present code was proved to compute. */
export class ProvedRecords {
  readonly #output: string;
  readonly #code: string;
  readonly #attested: ReadonlyMap<string, string>;
  readonly #remembered: Map<string, string>;
  readonly #added = new Map<string, string>();

  private constructor(
    call: { readonly output: string; readonly code: string },
    known: { readonly attested: ReadonlyMap<string, string>; readonly remembered: Map<string, string> },
  ) {
    this.#output = call.output;
    this.#code = call.code;
    this.#attested = known.attested;
    this.#remembered = known.remembered;
  }

  /**
   * Reads what was proved; nothing of other code, of a file that is no such file, or of records that changed since.
   *
   * @param call.experiment  what experiment.json lists
   */
  static async load(call: {
    readonly output: string;
    readonly code: string;
    readonly experiment: ExperimentRecord | undefined;
  }): Promise<ProvedRecords> {
    const { output, code, experiment } = call;
    const attested = await readFileAs(attestedFile(output), attestedSchema);
    const isAttested = attested?.code === code && attested.records === recordsHash(experiment);
    return new ProvedRecords(call, {
      attested: new Map(isAttested ? listedRecords(experiment) : []),
      remembered: await rememberedRecords(output, code),
    });
  }

  has({ key, hash }: Pick<TrialRecord, 'key' | 'hash'>): boolean {
    return [this.#attested, this.#remembered, this.#added].some((known) => known.get(key) === hash);
  }

  add({ key, hash }: Pick<TrialRecord, 'key' | 'hash'>): void {
    this.#added.set(key, hash);
  }

  /** Adds what was proved to `.attune/proved.json`, a folder that git leaves out. */
  async save(): Promise<void> {
    if (this.#added.size === 0) return;
    await writeAtomically(join(this.#output, '.attune', '.gitignore'), '*\n');
    // As it is now: another process may have proved other records meanwhile.
    const known = await rememberedRecords(this.#output, this.#code);
    const records = Object.fromEntries([...new Map([...known, ...this.#added])].sort(([a], [b]) => (a < b ? -1 : 1)));
    await writeJson(rememberedFile(this.#output), {
      ...{ schemaVersion: 1, code: this.#code, processor: processorKind(), records },
    } satisfies z.infer<typeof rememberedSchema>);
  }
}

/** Writes `proved.json`: all records that the experiment lists are what this code computes. @returns the file */
export async function attestRecords(output: string, code: string, experiment: ExperimentRecord): Promise<string> {
  const file = attestedFile(output);
  await writeJson(file, {
    ...{ schemaVersion: 1, code, processor: processorKind(), records: recordsHash(experiment) },
  } satisfies z.infer<typeof attestedSchema>);
  return file;
}

/** Keys and hashes of the records that were proved on this kind of processor to be what this code computes. */
async function rememberedRecords(output: string, code: string): Promise<Map<string, string>> {
  const remembered = await readFileAs(rememberedFile(output), rememberedSchema);
  const isRemembered = remembered?.code === code && remembered.processor === processorKind();
  return new Map(isRemembered ? Object.entries(remembered.records) : []);
}

const rememberedFile = (output: string) => join(output, '.attune', 'proved.json');
const attestedFile = (output: string) => join(output, 'proved.json');

function listedRecords(experiment: ExperimentRecord | undefined): [key: string, hash: string][] {
  return (experiment?.trials ?? []).flatMap(({ key, hash }): [string, string][] =>
    hash === null ? [] : [[key, hash]],
  );
}

function recordsHash(experiment: ExperimentRecord | undefined): string {
  return contentHash(Object.fromEntries(listedRecords(experiment)));
}

/** Undefined where there is no such file, or another: what it said is then proved anew. */
async function readFileAs<Value>(file: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readText(file).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
