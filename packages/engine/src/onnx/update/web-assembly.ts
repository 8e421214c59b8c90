/** The part of the WebAssembly JavaScript interface used here; Node has it, TypeScript types it for browsers only. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** Never grown, so that views of its buffer stay valid. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A compiled module, which only the runtime looks into. */
export type WasmModule = Readonly<Record<never, never>>;

/** The global `WebAssembly`, typed as far as it is used. */
export const webAssembly: WebAssemblyApi = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
  .WebAssembly;
