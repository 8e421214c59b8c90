import { createRequire } from 'node:module';

/** The version of a package that is there without being needed; undefined where it is not. */
export function installedVersion(name: string): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`);
    return (manifest as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}
