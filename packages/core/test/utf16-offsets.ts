/** For each code point of a text, and for its end, the UTF-16 unit where it begins. */
export function utf16Offsets(text: string): number[] {
  const units = [0];
  for (const char of text) units.push(units.at(-1)! + char.length);
  return units;
}
