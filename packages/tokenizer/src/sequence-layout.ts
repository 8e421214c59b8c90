import { z } from 'zod';
import { MAX_ID } from './model-schema.ts';
import type { SequenceLayout, SpecialIds } from './tokenizer.ts';

const id = z.int().min(0).max(MAX_ID);
const typeId = z.int().min(0).default(0);
const piece = z.union([
  z.strictObject({ SpecialToken: z.looseObject({ id: z.string(), type_id: typeId }) }),
  z.strictObject({ Sequence: z.looseObject({ id: z.enum(['A', 'B']), type_id: typeId }) }),
]);
const offsetSettings = { trim_offsets: z.boolean().default(true), add_prefix_space: z.boolean().default(true) };
const ends = { cls: z.tuple([z.string(), id]), sep: z.tuple([z.string(), id]) };

/** A post-processor of tokenizer.json. */
export const postProcessorSchema = z.discriminatedUnion(
  'type',
  [
    z.looseObject({
      type: z.literal('TemplateProcessing'),
      single: z.array(piece),
      pair: z.array(piece),
      special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(id) })),
    }),
    z.looseObject({ type: z.literal('BertProcessing'), ...ends }),
    z.looseObject({ type: z.literal('RobertaProcessing'), ...ends, ...offsetSettings }),
    z.looseObject({ type: z.literal('ByteLevel'), ...offsetSettings }),
    z.looseObject({
      type: z.literal('Sequence'),
      get processors(): z.ZodArray<typeof postProcessorSchema> {
        return z.array(postProcessorSchema);
      },
    }),
  ],
  { error: 'expected BertProcessing, ByteLevel, RobertaProcessing, Sequence or TemplateProcessing' },
);
type PostProcessor = z.infer<typeof postProcessorSchema>;
type Template = Extract<PostProcessor, { type: 'TemplateProcessing' }>;

/** A post-processor and those that a sequence is made of, in order. */
function postProcessorSteps(processor: PostProcessor | null): Exclude<PostProcessor, { type: 'Sequence' }>[] {
  if (processor === null) return [];
  return processor.type === 'Sequence' ? processor.processors.flatMap(postProcessorSteps) : [processor];
}

/**
 * The start and the separator that a post-processor of BERT's or RoBERTa's kind names, or a template has around texts
 * that it tells apart.
 */
export function namedEnds(processor: PostProcessor | null): { readonly cls: number; readonly sep: number } | undefined {
  for (const step of postProcessorSteps(processor)) {
    if (step.type === 'BertProcessing' || step.type === 'RobertaProcessing') {
      return { cls: step.cls[1], sep: step.sep[1] };
    }
    if (step.type !== 'TemplateProcessing') continue;
    const { single, secondTokenType } = templateLayout(step);
    const [cls, sep] = [single.prefix[0], single.suffix.at(-1)];
    if (secondTokenType === 1 && cls !== undefined && sep !== undefined) return { cls, sep };
  }
  return undefined;
}

/**
 * The layout that a post-processor describes. Without one it is BERT's where there are a start and a separator, else
 * texts stand alone.
 *
 * @throws Error for a template that is no `prefix A joiner B suffix` of token type 0 before B, and B's after it
 */
export function sequenceLayout(processor: PostProcessor | null, { cls, sep }: SpecialIds): SequenceLayout {
  for (const step of postProcessorSteps(processor)) {
    if (step.type === 'TemplateProcessing') return templateLayout(step);
    if (step.type === 'BertProcessing') return aroundTexts([step.cls[1]], [step.sep[1]], [step.sep[1]], 1);
    if (step.type === 'RobertaProcessing') {
      return aroundTexts([step.cls[1]], [step.sep[1], step.sep[1]], [step.sep[1]], 0);
    }
  }
  return cls === undefined || sep === undefined ? aroundTexts([], [], [], 0) : aroundTexts([cls], [sep], [sep], 1);
}

function aroundTexts(prefix: number[], joiner: number[], suffix: number[], secondTokenType: 0 | 1): SequenceLayout {
  const joinerTokenTypes = joiner.map(() => 0 as const);
  return { single: { prefix, suffix }, pair: { prefix, joiner, suffix, joinerTokenTypes }, secondTokenType };
}

/** Ids of a template's special tokens and the texts' names, each with its token type, in order. */
type Placed = { readonly id: number | 'A' | 'B'; readonly type: number };

function templateLayout(template: Template): SequenceLayout {
  const [prefix, suffix] = around(placed(template, 'single'), 'single', ['A']);
  const [first, joiner, last] = around(placed(template, 'pair'), 'pair', ['A', 'B']);
  const secondTokenType = placed(template, 'pair').find(({ id }) => id === 'B')!.type;
  const ids = (part: readonly Placed[] | undefined) => part!.map(({ id }) => id as number);
  const types = placed(template, 'pair').map(({ type }) => type);
  const start = first!.length + 1;
  const isUsual =
    placed(template, 'single').every(({ type }) => type === 0) &&
    types.slice(0, start).every((type) => type === 0) &&
    types.slice(start).every((type) => type === 0 || type === 1) &&
    types.slice(start + joiner!.length).every((type) => type === secondTokenType);
  if (!isUsual) {
    throw new Error(
      `post_processor: expected the token type 0 up to the first text, and one of 0 and 1 from the second on, got ` +
        `${types.join(', ')} for two texts`,
    );
  }
  const joinerTokenTypes = types.slice(start, start + joiner!.length) as (0 | 1)[];
  return {
    single: { prefix: ids(prefix), suffix: ids(suffix) },
    pair: { prefix: ids(first), joiner: ids(joiner), suffix: ids(last), joinerTokenTypes },
    secondTokenType: secondTokenType as 0 | 1,
  };
}

function placed(template: Template, kind: 'single' | 'pair'): Placed[] {
  return template[kind].flatMap((item): Placed[] => {
    if ('Sequence' in item) return [{ id: item.Sequence.id, type: item.Sequence.type_id }];
    const { id: name, type_id: type } = item.SpecialToken;
    const special = Object.hasOwn(template.special_tokens, name) ? template.special_tokens[name] : undefined;
    if (special === undefined) throw new Error(`post_processor: ${kind}: ${name} is not among special_tokens`);
    return special.ids.map((each) => ({ id: each, type }));
  });
}

/** Special tokens before, between and after the texts. */
function around(items: readonly Placed[], kind: string, texts: readonly string[]): Placed[][] {
  const parts: Placed[][] = [[]];
  const seen: string[] = [];
  for (const item of items) {
    if (typeof item.id === 'number') {
      parts.at(-1)!.push(item);
      continue;
    }
    seen.push(item.id);
    parts.push([]);
  }
  if (seen.join() !== texts.join()) {
    throw new Error(`post_processor: ${kind}: expected the texts ${texts.join(', ')} once, got ${seen.join(', ')}`);
  }
  return parts;
}
