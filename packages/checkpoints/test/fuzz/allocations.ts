type ArrayConstructor = new (...args: never[]) => { readonly byteLength: number };

const watched = ['ArrayBuffer', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array', 'Float32Array'] as const;

/** The largest block of memory that was asked for, in bytes, since `resetLargestAllocation`. */
let largest = 0;

export function resetLargestAllocation(): void {
  largest = 0;
}

export function largestAllocation(): number {
  return largest;
}

/** Watches the constructors of arrays and buffers for the rest of the process. */
export function watchAllocations(): void {
  const globals = globalThis as unknown as Record<(typeof watched)[number], ArrayConstructor>;
  for (const name of watched) {
    const original = globals[name];
    globals[name] = new Proxy(original, {
      construct(target, args: never[], newTarget) {
        note(requested(name, args));
        return Reflect.construct(target, args, newTarget === globals[name] ? target : newTarget);
      },
    });
  }
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const original = Buffer[name].bind(Buffer) as (size: number) => Buffer<ArrayBuffer>;
    Buffer[name] = (size: number) => {
      note(size);
      return original(size);
    };
  }
}

/** Bytes, also where making them fails. */
function requested(name: string, [first]: readonly unknown[]): number {
  if (typeof first !== 'number') return 0;
  return first * (name === 'ArrayBuffer' ? 1 : Number(/\d+/.exec(name)![0]) / 8);
}

function note(bytes: number): void {
  largest = Math.max(largest, bytes);
}
