import type { Expression, Node, ObjectExpression } from "acorn";

const MAX_DEPTH = 40;

/** Reads literal values of a script, without running it. */
export class ScriptValues {
  readonly #constants = new Map<string, Expression>();

  define(name: string, value: Expression): void {
    this.#constants.set(name, value);
  }

  /** The value of a constant; the expression itself if it is no constant. */
  resolve(node: Expression): Expression {
    return (node.type === "Identifier" ? this.#constants.get(node.name) : undefined) ?? node;
  }

  /** The text of an expression; parts that are known only at run time become `{name}`. */
  text(node: Expression, depth = 0): string | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = (part: Node): string | undefined => this.text(part as Expression, depth + 1);
    switch (node.type) {
      case "Literal":
        return typeof node.value === "object" ? undefined : String(node.value);
      case "Identifier": {
        const constant = this.#constants.get(node.name);
        return (constant === undefined ? undefined : inner(constant)) ?? `{${node.name}}`;
      }
      case "LogicalExpression":
        return inner(node.right);
      case "BinaryExpression":
        return node.operator === "+"
          ? `${inner(node.left) ?? "{value}"}${inner(node.right) ?? "{value}"}`
          : undefined;
      case "TaggedTemplateExpression":
        return inner(node.quasi);
      case "TemplateLiteral":
        return node.quasis
          .map(({ value }, index) => {
            const part = node.expressions[index];
            return `${value.cooked ?? ""}${part === undefined ? "" : (inner(part) ?? "{value}")}`;
          })
          .join("");
      default:
        return undefined;
    }
  }

  /** A literal value; undefined if it is computed at run time. */
  plain(node: Expression, depth = 0): unknown {
    if (depth > MAX_DEPTH) return undefined;
    const found = this.resolve(node);
    if (found.type === "ObjectExpression")
      return Object.fromEntries(
        propertiesOf(found).map(([key, value]) => [key, this.plain(value, depth + 1)]),
      );
    if (found.type === "ArrayExpression")
      return found.elements.flatMap((element) =>
        element === null || element.type === "SpreadElement" ? [] : [this.plain(element, depth + 1)],
      );
    if (found.type === "Literal") return found.value;
    if (found.type === "UnaryExpression" && found.operator === "-") {
      const value = this.plain(found.argument, depth + 1);
      return typeof value === "number" ? -value : undefined;
    }
    const text = this.text(found);
    // `__ENV.VUS || "10"` and `__ENV.VUS || 10` are the same to k6.
    return text !== undefined && found.type === "LogicalExpression" && /^\d+$/.test(text)
      ? Number(text)
      : text;
  }
}

/** The properties of an object that have plain names. */
export function propertiesOf({ properties }: ObjectExpression): [string, Expression][] {
  return properties.flatMap((property): [string, Expression][] => {
    if (property.type !== "Property" || property.computed) return [];
    const { key } = property;
    const name =
      key.type === "Identifier" ? key.name : key.type === "Literal" ? String(key.value) : undefined;
    return name === undefined ? [] : [[name, property.value]];
  });
}

/** The child nodes of a node. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node))
    for (const inner of Array.isArray(value) ? value : [value])
      if (typeof inner === "object" && inner !== null && typeof (inner as Node).type === "string")
        yield inner as Node;
}

/** The line of a node's beginning. */
export const lineOf = (node: Node): number => node.loc?.start.line ?? 1;
