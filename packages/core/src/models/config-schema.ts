import { ConfigError, parseWith } from '@attune/base';
import { z } from 'zod';
import { activationNames } from './layers/activations.ts';

/** Fields that configurations of many families have. */
export const size = z.int().positive();
/** A number of layers: each has its parameters listed, so that a slip of the pen must not ask for billions of them. */
export const depth = size.max(10_000);
/** A rate of dropout, in [0, 1). */
export const rate = z.number().min(0).lt(1);
/** A number above 0: an epsilon, a standard deviation. */
export const positive = z.number().positive();

const knownActivations = activationNames.map((name) => JSON.stringify(name)).join(', ');
/** An activation function. A name that is nearly a known one is no slip of the pen: mish is not swish. */
export const activation = z.enum(activationNames, `expected one of ${knownActivations}`);

/** What the messages of `parseConfig` name. */
interface ConfigNames {
  /** Named in messages, e.g. the path of config.json. */
  readonly where: string;
  /** As the field writes it, e.g. "DistilBERT". */
  readonly family: string;
  /** Keys of the hidden size and of the number of heads, which must divide it. */
  readonly hidden: string;
  readonly heads: string;
}

/**
 * Checks and completes the content of a config.json.
 *
 * @throws ConfigError listing every problem; or that heads would not have a whole number of dimensions
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { where, family, hidden, heads }: ConfigNames,
): z.output<Schema> {
  const parsed = parseWith(schema, value, `${where}: not a usable ${family} configuration`);
  const { [hidden]: hiddenSize, [heads]: numHeads } = parsed as Readonly<Record<string, unknown>>;
  if (Number(hiddenSize) % Number(numHeads) !== 0) {
    throw new ConfigError(
      `${where}: ${hidden} ${hiddenSize} is not a multiple of ${heads} ${numHeads}; each head needs a whole number of ` +
        'dimensions',
    );
  }
  return parsed;
}
