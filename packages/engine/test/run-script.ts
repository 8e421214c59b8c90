import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** What a script of this folder prints, in a process of its own, whose memory nothing else grows. */
export function runScript(
  name: string,
  call: { readonly given?: readonly string[]; readonly flags?: readonly string[]; readonly env?: NodeJS.ProcessEnv },
): string {
  const { given = [], flags = [], env = {} } = call;
  const script = fileURLToPath(new URL(name, import.meta.url));
  const options = [...flags, '--conditions=attune-source', '--import', loader];
  return execFileSync(process.execPath, [...options, script, ...given], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}
