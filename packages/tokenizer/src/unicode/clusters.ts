import { codePointSet } from './code-point-set.ts';

const hangul = (code: number): 'L' | 'V' | 'T' | 'LV' | 'LVT' | undefined => {
  if (code >= 0xac00 && code <= 0xd7a3) return (code - 0xac00) % 28 === 0 ? 'LV' : 'LVT';
  if ((code >= 0x1100 && code <= 0x115f) || (code >= 0xa960 && code <= 0xa97c)) return 'L';
  if ((code >= 0x1160 && code <= 0x11a7) || (code >= 0xd7b0 && code <= 0xd7c6)) return 'V';
  return (code >= 0x11a8 && code <= 0x11ff) || (code >= 0xd7cb && code <= 0xd7fb) ? 'T' : undefined;
};

/**
 * What a reader takes for one character (Unicode Standard Annex 29), by the tables of the reference library. Clusters of
 * several pictures, flags or conjuncts are left in parts: they are longer than what the rules of a tokenizer look at.
 */
export function clusters(text: string): string[] {
  const [after, before, alone] = [
    codePointSet('clusterAfter'),
    codePointSet('clusterBefore'),
    codePointSet('clusterAlone'),
  ];
  const found: string[] = [];
  let cluster = '';
  let last = -1;
  const joins = (code: number): boolean => {
    if (last === 0xd && code === 0xa) return true;
    if (last < 0 || alone.has(last) || alone.has(code)) return false;
    if (after.has(code) || before.has(last)) return true;
    const [left, right] = [hangul(last), hangul(code)];
    if (left === undefined || right === undefined) return false;
    if (left === 'L') return right !== 'T';
    return left === 'LV' || left === 'V' ? right === 'V' || right === 'T' : right === 'T';
  };
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (last >= 0 && !joins(code)) {
      found.push(cluster);
      cluster = '';
    }
    cluster += char;
    last = code;
  }
  if (cluster !== '') found.push(cluster);
  return found;
}
