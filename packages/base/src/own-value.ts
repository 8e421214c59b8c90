/**
 * What a record holds under a name that somebody gave: undefined where it has no such key of its own. `record[name]`
 * would answer `constructor`, `toString` and `__proto__` with what every object inherits.
 */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
