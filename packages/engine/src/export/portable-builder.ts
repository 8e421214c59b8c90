import { TraceError } from '@attune/base';
import { isFixed, type Size } from '@attune/graph';
import { ModelBuilder, type NodeOptions } from '../onnx/model-builder.ts';
import type { TensorData } from '../onnx/onnx-schema.ts';
import type { SizeTensors } from '../onnx/rules/lowering-rule.ts';

/** Grows a model of standard ONNX operators alone, which every runtime has. */
export class PortableBuilder extends ModelBuilder {
  #initializerBytes = 0;

  /** Bytes of all weights and constants so far. */
  get initializerBytes(): number {
    return this.#initializerBytes;
  }

  /** @throws TraceError for an operator of one runtime only */
  override node(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    if (options.domain !== undefined) {
      throw new TraceError(
        `export: ${options.domain}'s ${opType} is no standard operator; add an open rule in onnx/rules`,
      );
    }
    return super.node(opType, inputs, options);
  }

  override tensor(tensor: TensorData, name?: string): string {
    this.#initializerBytes += tensor.data.byteLength;
    return super.tensor(tensor, name);
  }
}

/** Where the value of a symbol is read: an axis of an input that is as long as the symbol says. */
export interface SizeSource {
  readonly input: string;
  readonly axis: number;
}

/** Sizes as values of the model, computed from the shapes of its inputs; each once. */
export class SizeValues implements SizeTensors {
  readonly #builder: PortableBuilder;
  readonly #sources: ReadonlyMap<string, SizeSource>;
  readonly #known = new Map<string, string>();

  constructor(builder: PortableBuilder, sources: ReadonlyMap<string, SizeSource>) {
    this.#builder = builder;
    this.#sources = sources;
  }

  /** One size: int64 [1]. */
  one(size: Size): string {
    if (isFixed(size)) return this.#builder.ints([size]);
    return this.#once(size.toString(), () => {
      const { constant, coefficient, symbols } = size;
      const [first = '', ...others] = symbols.map((symbol) => this.#symbol(symbol));
      const product = others.reduce((result, symbol) => this.#builder.node('Mul', [result, symbol]), first);
      const scaled = coefficient === 1 ? product : this.#builder.node('Mul', [product, this.one(coefficient)]);
      return constant === 0 ? scaled : this.#builder.node('Add', [scaled, this.one(constant)]);
    });
  }

  /** Several: int64 [n]. */
  list(sizes: readonly Size[]): string {
    if (sizes.every(isFixed)) return this.#builder.ints(sizes);
    return this.#once(`[${sizes.join()}]`, () =>
      this.#builder.node(
        'Concat',
        sizes.map((size) => this.one(size)),
        { attributes: { axis: 0 } },
      ),
    );
  }

  #symbol(name: string): string {
    return this.#once(`symbol ${name}`, () => {
      const { input, axis } = this.#sources.get(name)!;
      return this.#builder.node('Shape', [input], { attributes: { start: axis, end: axis + 1 } });
    });
  }

  #once(key: string, make: () => string): string {
    const value = this.#known.get(key) ?? make();
    this.#known.set(key, value);
    return value;
  }
}
