/** What this module reads of a zod schema. */
interface Field {
  readonly shape?: Shape;
  readonly meta?: () => { readonly otherNames?: readonly string[]; readonly fields?: Shape } | undefined;
  readonly unwrap?: () => Field;
}

type Shape = Readonly<Record<string, Field>>;

/**
 * What a key is called here that another library calls otherwise, and where it stands: `alpha`, `training.epochs`.
 * Fields say their names elsewhere themselves: `schema.meta({ otherNames: ['lora_alpha'] })`; and a record that another
 * schema checks says which fields it has then, `schema.meta({ fields: shape })`.
 *
 * @param shape  fields of the object that the key was given in; those of objects inside count too
 */
export function nameHere(key: string, shape: Readonly<Record<string, unknown>>): string | undefined {
  const fields = Object.entries(shape as Shape);
  const own = fields.find(([, field]) => otherNamesOf(field).includes(key));
  if (own !== undefined) return own[0];
  for (const [name, field] of fields) {
    const inside = field.meta?.()?.fields ?? innermost(field).shape;
    if (inside === undefined) continue;
    if (Object.hasOwn(inside, key)) return `${name}.${key}`;
    const found = Object.entries(inside).find(([, inner]) => otherNamesOf(inner).includes(key));
    if (found !== undefined) return `${name}.${found[0]}`;
  }
  return undefined;
}

/** A field is wrapped where it is optional or has a default; its names may stand on any layer. */
function otherNamesOf(field: Field): readonly string[] {
  return field.meta?.()?.otherNames ?? (field.unwrap === undefined ? [] : otherNamesOf(field.unwrap()));
}

function innermost(field: Field): Field {
  return field.shape === undefined && field.unwrap !== undefined ? innermost(field.unwrap()) : field;
}
