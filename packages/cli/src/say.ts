import { shownText } from '@attune/base';

/** Prints lines for a person. What data, files and settings bring with them is shown, and never acts in the terminal. */
export function say(text: string): void {
  process.stdout.write(`${shownText(text)}\n`);
}
