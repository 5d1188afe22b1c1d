type Schema = Record<string, unknown>;
type Properties = Record<string, Schema>;

const DURATION = { type: "string", pattern: "^(0|([0-9.]+(ns|us|µs|ms|s|m|h|d|w|y))+)$" };
const SIMPLE: Record<string, Schema> = {
  boolean: { type: "boolean" },
  int: { anyOf: [{ type: "integer" }, { type: "string", pattern: "^[0-9.]+ ?([KMGTPE]?B)$" }] },
  float: { type: "number" },
  duration: DURATION,
  daytime: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
};

/**
 * Makes a JSON Schema of Loki's published reference of its configuration (`docs/sources/shared/configuration.md`): a block
 * of YAML under each `### name`, in which `[name: <type> | default = x]` is a setting, `name:` begins a nested block, and
 * `[<name>]` stands for all settings of another block. Settings that the reference lacks are refused.
 */
export function lokiSchema(reference: string): Schema {
  const blocks = new Map<string, string[]>();
  let heading = "";
  let fenced: string[] | undefined;
  for (const line of reference.split("\n")) {
    if (fenced === undefined) {
      heading = /^### (.+)$/.exec(line)?.[1] ?? heading;
      if (line === "```yaml" && !blocks.has(heading)) {
        fenced = [];
        blocks.set(heading, fenced);
      } else if (line.startsWith("```yaml")) fenced = [];
    } else if (line === "```") fenced = undefined;
    else if (!/^\s*(#|$)/.test(line)) fenced.push(line);
  }
  const whole = [...blocks.keys()].find((name) => name.startsWith("Supported contents"));
  if (whole === undefined) throw new Error("this is no reference of Loki's configuration");
  const definitions: Properties = {};
  for (const [name, lines] of blocks)
    definitions[name === whole ? "loki" : name] = blockOf([...lines], blocks);
  return { $ref: "#/definitions/loki", definitions };
}

/** The settings of the lines that are indented as the first is, taken from the front. */
function blockOf(lines: string[], blocks: ReadonlyMap<string, readonly string[]>): Schema {
  const properties: Properties = {};
  const depth = indentOf(lines[0] ?? "");
  while (lines.length > 0 && indentOf(lines[0] ?? "") >= depth) {
    const line = (lines.shift() as string).trim();
    const same = /^\[<(\w+)>\]$/.exec(line)?.[1];
    const [, name, type] = /^\[?(\w+): ?(?:<([^>]*)>.*)?$/.exec(line) ?? [];
    if (same !== undefined)
      Object.assign(properties, blockOf([...(blocks.get(same) ?? [])], blocks).properties);
    else if (name === undefined) continue;
    else if (type !== undefined) properties[name] = typeOf(type, blocks);
    else if (indentOf(lines[0] ?? "") > depth) properties[name] = blockOf(lines, blocks);
  }
  return { type: "object", additionalProperties: false, properties };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function typeOf(type: string, blocks: ReadonlyMap<string, readonly string[]>): Schema {
  const [, member] = /^list of (\w+?)s?$/.exec(type) ?? [];
  if (member !== undefined) return { type: "array", items: typeOf(member, blocks) };
  if (type.startsWith("map of ")) return { type: "object" };
  if (blocks.has(type)) return { $ref: `#/definitions/${type}` };
  return SIMPLE[type] ?? (type === "string" ? { type: "string" } : {});
}
