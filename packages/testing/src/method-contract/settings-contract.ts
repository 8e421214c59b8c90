import { describe, expect, it } from 'vitest';
import type { MethodContract } from './contract-types.ts';

/** Settings: defaults for everything, described fields, parsing twice is parsing once, refusals name the field. */
export function settingsContract<Settings>({ method, settings, refused }: MethodContract<Settings>): void {
  describe('settings', () => {
    it('may be left out altogether', () => {
      expect(method.settings.safeParse({}).error).toBeUndefined();
    });

    it('are what they were after parsing them again', () => {
      for (const given of Object.values(settings)) {
        const parsed = method.settings.parse(given);
        expect(method.settings.parse(parsed)).toEqual(parsed);
      }
    });

    it('describe each field', () => {
      expect(undescribed(method.settings.toJSONSchema({ io: 'input' }))).toEqual([]);
    });

    it.each(refused)('%j is refused by naming %s', (given, field) => {
      const issues = method.settings.safeParse(given).error?.issues ?? [];
      const messages = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      expect(messages.join('\n')).toMatch(new RegExp(`^${field}[:.]|"${field}"`, 'm'));
    });

    it('have no other fields', () => {
      expect(method.settings.safeParse({ noSuchSetting: 1 }).error?.message).toContain('noSuchSetting');
    });
  });
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Fields without a description, those of each choice of a union included. */
function undescribed(schema: unknown): string[] {
  const { properties = {}, anyOf = [], oneOf = [] } = schema as JsonSchema;
  const own = Object.entries(properties).filter(([, { description }]) => description === undefined);
  return [...own.map(([field]) => field), ...[...anyOf, ...oneOf].flatMap(undescribed)];
}
