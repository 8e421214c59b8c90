import type { EncodedSequence, FormulateCall } from '@attune/core';
import { cachingTokenizer } from './caching-tokenizer.ts';
import type { Pattern } from './pattern.ts';
import { renderTemplate } from './render-template.ts';

/** Renders one row's fields; `numMasks` is for `[M*]`. */
type Renderer = (fields: Readonly<Record<string, string>>, numMasks?: number) => EncodedSequence;

/** A renderer with everything that is the same for all rows of a call. */
export function rendererOf<Row>(call: FormulateCall<Row>, { template, slots }: Pattern): Renderer {
  const { maxLength, numVirtualTokens, languageModel } = call;
  const tokenizer = cachingTokenizer(call.tokenizer);
  return (fields, numMasks) =>
    renderTemplate({
      template,
      fields,
      tokenizer,
      maxLength,
      numVirtualTokens,
      ...(languageModel === undefined ? {} : { languageModel }),
      ...(slots === undefined ? {} : { slots }),
      ...(numMasks === undefined ? {} : { numMasks }),
    });
}
