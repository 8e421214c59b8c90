import type { LoadedModel } from '@attune/checkpoints/node';
import type { SpecialIds } from '@attune/tokenizer';
import type { RestoredTrial } from '../restore-trial.ts';
import { trainedHead } from './merged-model.ts';

/** A token that fills up the shorter sequences of a batch. */
export interface PaddingToken {
  readonly id: number;
  readonly content: string;
}

/** In the order in which they are tried. */
const kinds = ['pad', 'eos', 'bos', 'sep', 'cls', 'mask', 'unk'] as const satisfies readonly (keyof SpecialIds)[];

type Padded = Pick<LoadedModel, 'tokenizer' | 'tokenizerFiles'> & {
  readonly model: Pick<LoadedModel['model'], 'languageModel' | 'family'>;
};

/**
 * The token that an export is padded with: the tokenizer's own. A decoder's classification finds the end of a text as
 * the last token that is another, so a decoder's is one that no text ends with: neither what its layout puts there
 * (often the end-of-text token, which also pads where nothing else does) nor what an unknown word becomes.
 *
 * @returns  undefined where no special token will do; an ordinary one would be cut out of texts
 */
export function paddingToken({ tokenizer, tokenizerFiles, model }: Padded): PaddingToken | undefined {
  const { layout, specialIds } = tokenizer;
  const isDecoder = model.languageModel === 'causal';
  const ends = [layout.single.suffix, layout.pair.suffix].flatMap((suffix) => suffix.slice(-1));
  for (const kind of kinds) {
    const id = specialIds[kind];
    if (id === undefined) continue;
    const content = tokenizer.decode([id]);
    const isNamed = kind !== 'pad' || isPaddingName(content, id, tokenizerFiles);
    const endsTexts = isDecoder && (ends.includes(id) || isUnknown({ id, content }, tokenizerFiles));
    if (isNamed && !endsTexts && tokenizer.tokenToId(content) === id) return { id, content };
  }
  return undefined;
}

/**
 * `pad_token_id` of an exported config.json: by it the library finds the last token of a text for a decoder's head. An
 * encoder keeps its own, behind which a RoBERTa's positions begin.
 */
export function paddingId({ loaded, prepared }: Pick<RestoredTrial, 'loaded' | 'prepared'>): unknown {
  const own = loaded.config.pad_token_id ?? undefined;
  if (loaded.model.languageModel === 'causal') return paddingToken(loaded)?.id ?? own;
  return own ?? prepared.tokenizer.specialIds.pad;
}

/** Why the transformers library would answer otherwise than a trial's model; undefined where it does not. */
export function paddingProblem(trial: Pick<RestoredTrial, 'loaded' | 'prepared'>): string | undefined {
  const { loaded } = trial;
  if (loaded.model.family === 'roberta') return positionProblem(loaded);
  const isRead = loaded.model.languageModel === 'causal' && trainedHead(trial) !== 'languageModel';
  if (!isRead || paddingToken(loaded) !== undefined) return undefined;
  return (
    'the transformers library finds the end of a text by a padding token, and this tokenizer has no special token ' +
    'that no text ends with'
  );
}

/** The library counts a RoBERTa's positions by tokens other than `pad_token_id`, which may stand for one of a text. */
function positionProblem({ tokenizer, tokenizerFiles, config }: LoadedModel): string | undefined {
  const { layout, specialIds, vocabSize } = tokenizer;
  const id = config.pad_token_id as number;
  if (id >= vocabSize) return undefined;
  const content = tokenizer.decode([id]);
  const { prefix, joiner, suffix } = layout.pair;
  const isPlaced = [...prefix, ...joiner, ...suffix, specialIds.mask].includes(id);
  const isOrdinary = !Object.values(specialIds).includes(id) && !isAdded(id, tokenizerFiles);
  if (!isPlaced && !isOrdinary && !isUnknown({ id, content }, tokenizerFiles)) return undefined;
  return (
    `the transformers library gives positions to tokens other than pad_token_id, ${id} in config.json, and texts have ` +
    `that token (${content})`
  );
}

interface Json {
  readonly added_tokens?: readonly { readonly id: number; readonly special?: boolean }[];
  readonly model?: {
    readonly unk_token?: string | null;
    readonly unk_id?: number | null;
    readonly byte_fallback?: boolean;
  };
}

/** Whether an unknown word becomes this token: not where it becomes its bytes. */
function isUnknown({ id, content }: PaddingToken, { tokenizer }: Padded['tokenizerFiles']): boolean {
  const { unk_token, unk_id, byte_fallback } = (tokenizer as Json).model ?? {};
  const unknown = unk_token ?? unk_id;
  return byte_fallback !== true && (id === unknown || content === unknown);
}

function isAdded(id: number, { tokenizer }: Padded['tokenizerFiles']): boolean {
  return (tokenizer as Json).added_tokens?.some((token) => token.id === id && token.special === true) === true;
}

/** Whether it is a token for padding, or only what stands in for one: the first of the vocabulary. */
function isPaddingName(content: string, id: number, files: Padded['tokenizerFiles']): boolean {
  const isConfigured = ((files.config as { readonly pad_token?: unknown } | undefined)?.pad_token ?? null) !== null;
  return isConfigured || isAdded(id, files) || ['[PAD]', '<pad>'].includes(content);
}
