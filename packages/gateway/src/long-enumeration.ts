import type { ApiField } from "@ape/core/protocol/api";

/** Characters that the values of an enumeration may take in a prompt: 300 codes of countries or currencies. */
const MAX_CHARACTERS = 2_000;
const MAX_SHOWN = 3;

/**
 * A field whose enumeration is too long for a prompt says how many values there are and some of them; they are no longer
 * the only ones that its tool takes. The first value becomes its example.
 */
export function withoutLongEnumeration(field: ApiField): ApiField {
  const { enum: values, ...rest } = field;
  if (values === undefined) return field;
  let characters = 0;
  for (const value of values) characters += String(value).length + 3;
  if (characters <= MAX_CHARACTERS) return field;
  const shown = values.slice(0, MAX_SHOWN).map((value) => String(value).slice(0, 20));
  const said = `one of ${values.length} values, such as ${shown.join(", ")}`;
  return {
    ...rest,
    description: field.description === "" ? said : `${said}; ${field.description}`,
    example: field.example ?? values[0] ?? null,
  };
}
