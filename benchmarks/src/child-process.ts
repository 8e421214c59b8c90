import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Answer<Value> = { readonly value: Value } | { readonly message: string };

/**
 * Runs an entry of this folder in a process of its own, garbage collection at its command, and gives it one input.
 *
 * @throws Error with the message of what was thrown there, or when the process ended without an answer
 */
export async function runInChild<Input extends object, Value>(entry: string, input: Input): Promise<Value> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), {
    execArgv: ['--expose-gc', '--conditions=attune-source', '--import', loader],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send(input);
  let answer: Answer<Value> | undefined;
  child.on('message', (message: Answer<Value>) => {
    answer = message;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (answer === undefined) throw new Error(`${entry}: ended with code ${code} before it had measured anything`);
  if ('message' in answer) throw new Error(answer.message);
  return answer.value;
}

/** The other end: answers the one input that the parent sends, then ends; it also ends with its parent. */
export function answerParent<Input, Value>(measure: (input: Input) => Promise<Value>): void {
  // A parent that was stopped would otherwise leave a process that goes on measuring.
  process.once('disconnect', () => process.exit());
  process.once('message', async (input: Input) => {
    const answer = await measure(input).then(
      (value): Answer<Value> => ({ value }),
      (error: Error): Answer<Value> => ({ message: error.message }),
    );
    process.send?.(answer, () => process.exit());
  });
}
