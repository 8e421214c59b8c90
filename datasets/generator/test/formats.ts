import { z } from 'zod';

const idx = z.int().min(0);
const offset = z.int().min(0);
const version = z.literal(1.1);
const mention = z.strictObject({ start: offset, end: offset });

/** The official forms; rows of test files lack what `answered` has more. */
interface Format {
  readonly answered: z.ZodType;
  readonly unanswered: z.ZodType;
}

const labelled = (fields: z.core.$ZodLooseShape, label: z.ZodType): Format => ({
  answered: z.strictObject({ ...fields, label }),
  unanswered: z.strictObject(fields),
});

const text = z.string().min(1);
const wicFields = {
  ...{ word: text, sentence1: text, sentence2: text, idx, version },
  ...{ start1: offset, start2: offset, end1: offset, end2: offset },
};
const wscTarget = z.strictObject({ span1_index: offset, span1_text: text, span2_index: offset, span2_text: text });

function multirc(answer: z.ZodType): z.ZodType {
  const question = z.strictObject({ question: text, answers: z.array(answer).min(2), idx });
  return z.strictObject({
    idx,
    version,
    passage: z.strictObject({ text: text.endsWith(' '), questions: z.array(question).min(1) }),
  });
}

function record(query: z.ZodType): z.ZodType {
  return z.strictObject({
    source: text,
    passage: z.strictObject({ text: text.includes('\n@highlight\n'), entities: z.array(mention).min(2) }),
    qas: z.array(query).min(1),
    idx,
  });
}

const entailment = z.enum(['entailment', 'not_entailment']);
const pair = { premise: text, hypothesis: text, idx };
const tag = z.string().min(1).optional();
const axbFields = {
  ...{ sentence1: text, sentence2: text, idx, logic: tag, knowledge: tag },
  ...{ 'lexical-semantics': tag, 'predicate-argument-structure': tag },
};

const query = { query: text.includes('@placeholder'), idx };

/** One file each, with labels. */
export const diagnosticFormats: Readonly<Record<string, z.ZodType>> = {
  'AX-b': labelled(axbFields, entailment).answered,
  'AX-g': labelled({ ...pair, pair_id: idx }, entailment).answered,
};

export const formats: Readonly<Record<string, Format>> = {
  BoolQ: labelled({ question: text.lowercase(), passage: text.includes(' -- '), idx }, z.boolean()),
  CB: labelled(pair, z.enum(['entailment', 'contradiction', 'neutral'])),
  COPA: labelled(
    { premise: text, choice1: text, choice2: text, question: z.enum(['cause', 'effect']), idx },
    z.literal([0, 1]),
  ),
  MultiRC: {
    answered: multirc(z.strictObject({ text, idx, label: z.literal([0, 1]) })),
    unanswered: multirc(z.strictObject({ text, idx })),
  },
  ReCoRD: {
    answered: record(z.strictObject({ ...query, answers: z.array(mention.extend({ text })).min(1) })),
    unanswered: record(z.strictObject(query)),
  },
  RTE: labelled(pair, entailment),
  WiC: labelled(wicFields, z.boolean()),
  WSC: labelled({ text, target: wscTarget, idx }, z.boolean()),
};
