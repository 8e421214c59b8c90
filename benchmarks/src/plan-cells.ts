import { type Cell, type EngineName, engineNames, type HeadName, headNames } from './cell.ts';
import { type MethodName, methodNames } from './methods.ts';
import { type Shape, shapes } from './shapes.ts';

/** What the command line narrows; absent means all. */
export interface Choice {
  readonly shapes?: readonly string[];
  readonly methods?: readonly string[];
  readonly engines?: readonly string[];
  readonly heads?: readonly string[];
  readonly threads: number;
  readonly steps: number;
  readonly peer?: string;
}

/** An eager step of the larger shapes takes seconds: unless asked for by name, wasm measures the smallest alone. */
const slowEngineShape = '2x128';
const slowEngineSteps = 5;

/** @throws RangeError naming a choice that does not exist and those that do */
export function planCells(choice: Choice): Cell[] {
  const chosenShapes = chosen(
    'shapes',
    shapes.map(({ name }) => name),
    choice.shapes,
  );
  const engines = chosen('engines', engineNames, choice.engines) as EngineName[];
  const heads = chosen('heads', headNames, choice.heads) as HeadName[];
  const methods = chosen('methods', methodNames, choice.methods) as MethodName[];
  return shapes
    .filter(
      ({ name, onlyByName = false }) => chosenShapes.includes(name) && (!onlyByName || choice.shapes !== undefined),
    )
    .flatMap((shape) =>
      engines
        .filter((engine) => engine !== 'wasm' || choice.engines !== undefined || shape.name === slowEngineShape)
        .flatMap((engine) =>
          heads.flatMap((head) =>
            methods.map((method) => ({ engine, shape, method, head, ...runOf(engine, shape, choice) })),
          ),
        ),
    );
}

/** Only the compiled engine on a BERT is compared with the peer; an eager one takes fewer steps, and on one thread. */
function runOf(engine: EngineName, { config }: Shape, { threads, steps, peer }: Choice) {
  if (engine === 'wasm') return { threads: 1, steps: Math.min(steps, slowEngineSteps) };
  const compared = peer !== undefined && config.model_type === 'bert';
  return { threads, steps, ...(compared ? { peer: { python: peer } } : {}) };
}

function chosen(what: string, known: readonly string[], wanted: readonly string[] = known): readonly string[] {
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0) return wanted;
  throw new RangeError(`--${what}: expected some of ${known.join(', ')}, got ${unknown.join(', ')}`);
}
