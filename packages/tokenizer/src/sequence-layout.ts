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

/** The start and the separator that a post-processor of BERT's or RoBERTa's kind names. */
export function namedEnds(processor: PostProcessor | null): { readonly cls: number; readonly sep: number } | undefined {
  for (const step of postProcessorSteps(processor)) {
    if (step.type === 'BertProcessing' || step.type === 'RobertaProcessing') {
      return { cls: step.cls[1], sep: step.sep[1] };
    }
  }
  return undefined;
}

/**
 * The layout that a post-processor describes. Without one it is BERT's where there are a start and a separator, else
 * texts stand alone. Token types are 0 throughout where there is no start token: decoders have no segments.
 *
 * @throws Error for a template that is no `prefix A joiner B suffix`
 */
export function sequenceLayout(processor: PostProcessor | null, { cls, sep }: SpecialIds): SequenceLayout {
  const secondTokenType = cls === undefined ? 0 : 1;
  for (const step of postProcessorSteps(processor)) {
    if (step.type === 'TemplateProcessing') return templateLayout(step, secondTokenType);
    if (step.type === 'BertProcessing') return aroundTexts([step.cls[1]], [step.sep[1]], [step.sep[1]], 1);
    if (step.type === 'RobertaProcessing') {
      return aroundTexts([step.cls[1]], [step.sep[1], step.sep[1]], [step.sep[1]], 0);
    }
  }
  return cls === undefined || sep === undefined ? aroundTexts([], [], [], 0) : aroundTexts([cls], [sep], [sep], 1);
}

function aroundTexts(prefix: number[], joiner: number[], suffix: number[], secondTokenType: 0 | 1): SequenceLayout {
  return { single: { prefix, suffix }, pair: { prefix, joiner, suffix }, secondTokenType };
}

function templateLayout(template: Template, secondTokenType: 0 | 1): SequenceLayout {
  const [prefix, suffix] = idsAround(template, 'single', ['A']) as [number[], number[]];
  const [first, joiner, last] = idsAround(template, 'pair', ['A', 'B']) as [number[], number[], number[]];
  const second = template.pair.find((item) => 'Sequence' in item && item.Sequence.id === 'B');
  const isApart = second !== undefined && 'Sequence' in second && second.Sequence.type_id > 0;
  return {
    single: { prefix, suffix },
    pair: { prefix: first, joiner, suffix: last },
    secondTokenType: isApart ? secondTokenType : 0,
  };
}

/** Ids before, between and after the texts of a template. */
function idsAround(template: Template, kind: 'single' | 'pair', texts: readonly string[]): number[][] {
  const around: number[][] = [[]];
  const seen: string[] = [];
  for (const item of template[kind]) {
    if ('Sequence' in item) {
      seen.push(item.Sequence.id);
      around.push([]);
      continue;
    }
    const name = item.SpecialToken.id;
    const special = Object.hasOwn(template.special_tokens, name) ? template.special_tokens[name] : undefined;
    if (special === undefined) throw new Error(`post_processor: ${kind}: ${name} is not among special_tokens`);
    around.at(-1)!.push(...special.ids);
  }
  if (seen.join() !== texts.join()) {
    throw new Error(`post_processor: ${kind}: expected the texts ${texts.join(', ')} once, got ${seen.join(', ')}`);
  }
  return around;
}
