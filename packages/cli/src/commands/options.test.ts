import { describe, expect, it } from 'vitest';
import { parseSettingFlags, parseSettings } from '../actions/method-settings.ts';
import { parseCount, parseMebibytes, parseNames, parseRate, parseSeeds } from './options.ts';

describe('options', () => {
  it('are read as they are written', () => {
    expect(parseNames('lora, p-tuning')).toEqual(['lora', 'p-tuning']);
    expect(parseSeeds('1, 2,30')).toEqual([1, 2, 30]);
    expect([parseCount('12'), parseMebibytes('0'), parseMebibytes('3')]).toEqual([12, 0, 3 * 2 ** 20]);
    expect([parseRate('0'), parseRate('.25'), parseRate('0.999')]).toEqual([0, 0.25, 0.999]);
  });

  it.each<[(text: string) => unknown, readonly string[], string]>([
    [parseNames, ['', 'lora,', ' , '], 'Expected names separated by commas.'],
    [parseSeeds, ['', '1,', '-1', '1.5', 'one'], 'Expected whole numbers separated by commas.'],
    [
      parseSeeds,
      ['9007199254740992', '1,9007199254740992'],
      'Expected seeds in the safe integer range, 0 to 9007199254740991, got 9007199254740992.',
    ],
    [parseCount, ['0', '-1', '1.5', '', '01'], 'Expected a whole number, at least 1.'],
    [parseMebibytes, ['-1', '1.5', '', '1e3'], 'Expected a whole number of MiB, at least 0.'],
    [parseRate, ['1', '-0.1', '', ' ', 'half'], 'Expected a number of at least 0 and below 1.'],
  ])('%o refuses %j', (parse, texts, message) => {
    for (const text of texts) {
      expect(() => parse(text), `"${text}"`).toThrow(
        expect.objectContaining({ code: 'commander.invalidArgument', message }),
      );
    }
  });
});

describe('settings beside the options', () => {
  it('take JSON where it is that, else text, after a blank or an equals sign', () => {
    expect(
      parseSettingFlags(['--rank', '8', '--target-modules=["query"]', '--initType', 'pissa', '--bias=a=b']),
    ).toEqual({
      ...{ rank: 8, targetModules: ['query'], initType: 'pissa', bias: 'a=b' },
    });
    expect(parseSettingFlags([])).toEqual({});
    expect(parseSettings('{"rank":8}')).toEqual({ rank: 8 });
  });

  it.each([
    [['rank', '8'], 'expected an option such as --rank, got "rank"'],
    [['--rank'], '--rank: expected a value, got nothing'],
    [['--rank', '--alpha', '2'], '--rank: expected a value, got nothing'],
  ])('%j is refused', (args, message) => {
    expect(() => parseSettingFlags(args)).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  });

  it.each(['[1]', 'rank', 'null', '8', '{rank:8}'])('%s is no object of settings', (text) => {
    const message = `--settings: expected a JSON object such as '{"rank":8}', got ${text}`;
    expect(() => parseSettings(text)).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  });
});
