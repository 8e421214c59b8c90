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
  readonly model: Pick<LoadedModel['model'], 'languageModel'>;
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
  const unknown = unknownToken(tokenizerFiles.tokenizer);
  for (const kind of kinds) {
    const id = specialIds[kind];
    if (id === undefined) continue;
    const content = tokenizer.decode([id]);
    const isNamed = kind !== 'pad' || isPaddingName(content, id, tokenizerFiles);
    const endsTexts = isDecoder && (ends.includes(id) || id === unknown || content === unknown);
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

/** Why the transformers library cannot run a batch of a trial's model; undefined where it can. */
export function paddingProblem(trial: Pick<RestoredTrial, 'loaded' | 'prepared'>): string | undefined {
  const isRead = trial.loaded.model.languageModel === 'causal' && trainedHead(trial) !== 'languageModel';
  if (!isRead || paddingToken(trial.loaded) !== undefined) return undefined;
  return (
    'the transformers library finds the end of a text by a padding token, and this tokenizer has no special token ' +
    'that no text ends with'
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

/** What the model makes of a word that it does not know, by content or by id; undefined where it spells out its bytes. */
function unknownToken(json: unknown): string | number | undefined {
  const { unk_token, unk_id, byte_fallback } = (json as Json).model ?? {};
  return byte_fallback === true ? undefined : (unk_token ?? unk_id ?? undefined);
}

/** Whether it is a token for padding, or only what stands in for one: the first of the vocabulary. */
function isPaddingName(content: string, id: number, { tokenizer, config }: Padded['tokenizerFiles']): boolean {
  const isConfigured = ((config as { readonly pad_token?: unknown } | undefined)?.pad_token ?? null) !== null;
  const isAdded = (tokenizer as Json).added_tokens?.some((token) => token.id === id && token.special === true);
  return isConfigured || isAdded === true || ['[PAD]', '<pad>'].includes(content);
}
