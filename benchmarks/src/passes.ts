import { createOnnxEngine } from '@attune/engine';
import { type PassName, passNames } from '@attune/graph';
import { alternate, type Contender, type ContenderChoice, type ContenderRow, shapesNamed } from './contenders.ts';
import { batchOfStep, makeStep, storeValues } from './make-step.ts';
import type { Shape } from './shapes.ts';

/** The full step of a cloze, which reads the word embeddings twice, with all passes and then without each, all in turn. */
export async function timePasses(choice: ContenderChoice, report: (line: string) => void): Promise<ContenderRow[]> {
  const rows: ContenderRow[] = [];
  for (const shape of shapesNamed(choice.shapes)) {
    report(`${shape.name}: ${passNames.length + 1} ways of compiling its step`);
    const contenders = [await compiled(shape, choice.threads)];
    for (const pass of passNames) contenders.push(await compiled(shape, choice.threads, pass));
    rows.push(...(await alternate(contenders, { shape: shape.name, rounds: choice.rounds })));
  }
  return rows;
}

async function compiled(shape: Shape, threads: number, without?: PassName): Promise<Contender> {
  const made = makeStep({ shape, method: 'full', head: 'cloze' });
  const engine = await createOnnxEngine({ threads, ...(without === undefined ? {} : { without: [without] }) });
  const values = storeValues(made);
  const [state, frozen] = [engine.createStore(values.state), engine.createStore(values.frozen)];
  const prepared = engine.prepare({ name: 'train', run: made.run, state, frozen });
  let step = 0;
  return {
    name: without ?? 'nothing',
    run: () => {
      step += 1;
      return prepared.run(batchOfStep(made.batch, step));
    },
  };
}
