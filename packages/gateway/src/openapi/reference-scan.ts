import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { escapePointer } from "./pointer.ts";

/** A reference: the object that holds it, its key there, and the pointer to that object. */
export interface Reference {
  holder: JsonObject;
  key: string;
  reference: string;
  pointer: string;
  /** Pointer to the schema with an `$id` that it is in, to which it is relative (JSON Schema 2020-12, section 8.2.1). */
  base?: string;
}

/** Result of {@link scanReferences}. */
export interface Scan {
  references: Reference[];
  /** Values of a discriminator's `mapping` that are references and no names (OpenAPI 3.1, "Discriminator Object"). */
  mappings: Reference[];
  /** Each `$dynamicRef` (JSON Schema 2020-12, section 8.2.3.2). */
  dynamic: Reference[];
  /** Pointers by `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, section 8.2.2). */
  anchors: Map<string, string>;
  /** Pointers by absolute `$id`. */
  ids: Map<string, string>;
}

/** Keys whose values are maps with names that authors choose; such a name is no keyword. */
const NAME_MAPS = new Set(
  "properties patternProperties dependentSchemas $defs definitions paths webhooks pathItems schemas responses parameters examples requestBodies headers securitySchemes securityDefinitions links callbacks content encoding variables mapping additionalOperations".split(
    " ",
  ),
);

/** Keys whose values are data: a `$ref` in them is no reference. */
const DATA = new Set(["example", "examples", "default", "enum", "const", "value"]);

/** What no schema is named: a pointer, a path, or a file. */
const NO_NAME = /[#/]|\.(?:ya?ml|json)$/i;

/** Finds the references, anchors and ids of a document; skips examples, defaults and extensions. */
export function scanReferences(root: Json): Scan {
  const scan: Scan = { references: [], mappings: [], dynamic: [], anchors: new Map(), ids: new Map() };
  const seen = new Set<object>();
  const visit = (value: Json, pointer: string, names: boolean, around?: string): void => {
    if (!isComposite(value) || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries())
        if (isComposite(item)) visit(item, `${pointer}/${index}`, false, around);
      return;
    }
    const base = !names && typeof value.$id === "string" && !value.$id.startsWith("#") ? pointer : around;
    if (!names) keep(scan, value, pointer, base);
    for (const key of Object.keys(value)) {
      const inner = value[key];
      if (inner === undefined || !isComposite(inner)) continue;
      if (!names && (DATA.has(key) || key.startsWith("x-"))) continue;
      // `parameters` and `examples` are lists in some places and maps in others.
      visit(
        inner,
        `${pointer}/${escapePointer(key)}`,
        !names && NAME_MAPS.has(key) && isJsonObject(inner),
        base,
      );
    }
  };
  visit(root, "#", false);
  return scan;
}

function keep(scan: Scan, value: JsonObject, pointer: string, base: string | undefined): void {
  if (typeof value.$ref === "string")
    scan.references.push({
      holder: value,
      key: "$ref",
      reference: value.$ref,
      pointer,
      ...(base === undefined ? {} : { base }),
    });
  if (typeof value.$dynamicRef === "string")
    scan.dynamic.push({ holder: value, key: "$ref", reference: value.$dynamicRef, pointer });
  if (isJsonObject(value.discriminator) && isJsonObject(value.discriminator.mapping)) {
    const { mapping } = value.discriminator;
    for (const [key, reference] of Object.entries(mapping))
      if (typeof reference === "string" && NO_NAME.test(reference))
        scan.mappings.push({ holder: mapping, key, reference, pointer: `${pointer}/discriminator/mapping` });
  }
  for (const anchor of [value.$anchor, value.$dynamicAnchor])
    if (typeof anchor === "string" && !scan.anchors.has(anchor)) scan.anchors.set(anchor, pointer);
  if (typeof value.$id === "string" && URL.canParse(value.$id))
    scan.ids.set(new URL(value.$id).href.replace(/#$/, ""), pointer);
}
