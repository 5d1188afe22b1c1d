import type { Expression, Node } from "acorn";

/** What the function of a check asks of an answer. */
interface AskedStatuses {
  /** The statuses that pass; undefined if it asks for none. */
  statuses: readonly number[] | undefined;
  /** Whether it asks for anything else. */
  others: boolean;
}

/** The statuses that two conditions let pass together; undefined stands for any. */
export function commonStatuses(
  one: readonly number[] | undefined,
  other: readonly number[] | undefined,
): readonly number[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.filter((status) => other.includes(status));
}

/** The statuses that a check's function lets pass, and whether it tests anything else. */
export function statusesIn(test: Node): AskedStatuses {
  const answer = returned(test);
  return answer === undefined ? { statuses: undefined, others: true } : look(answer);
}

function look(node: Expression): AskedStatuses {
  const asked = statusAsked(node) ?? statusListed(node);
  if (asked !== undefined) return { statuses: asked, others: false };
  if (node.type === "LogicalExpression") {
    const left = look(node.left as Expression);
    const right = look(node.right);
    const others = left.others || right.others;
    if (node.operator === "&&") return { statuses: commonStatuses(left.statuses, right.statuses), others };
    // With anything else on one side, any status may pass.
    if (node.operator === "||" && left.statuses !== undefined && right.statuses !== undefined && !others)
      return { statuses: [...new Set([...left.statuses, ...right.statuses])], others };
  }
  return { statuses: undefined, others: true };
}

/** The return value of a function that does nothing else. */
function returned(test: Node): Expression | undefined {
  const { type, body } = test as unknown as { type: string; body?: Node };
  if (!/^(?:ArrowFunction|Function)Expression$/.test(type) || body === undefined) return undefined;
  if (body.type !== "BlockStatement") return body as Expression;
  const { body: statements } = body as unknown as { body: { type: string; argument?: Expression | null }[] };
  const [only] = statements;
  return statements.length === 1 && only?.type === "ReturnStatement"
    ? (only.argument ?? undefined)
    : undefined;
}

/** The status of `r.status === 200`, either way around. */
function statusAsked(node: Expression): number[] | undefined {
  if (node.type !== "BinaryExpression" || !/^===?$/.test(node.operator)) return undefined;
  const sides = [node.left, node.right] as const;
  for (const [one, other] of [sides, [sides[1], sides[0]] as const]) {
    const status = statusOf(other);
    if (isStatus(one) && status !== undefined) return [status];
  }
  return undefined;
}

/** The statuses of `[200, 201].includes(r.status)` and of `[200, 201].indexOf(r.status) >= 0`. */
function statusListed(node: Expression): number[] | undefined {
  if (node.type === "BinaryExpression" && node.left.type === "CallExpression") {
    const found = `${node.operator} ${literalText(node.right)}`;
    return /^(?:>= 0|> -1|!==? -1)$/.test(found) ? listedBy(node.left, "indexOf") : undefined;
  }
  return listedBy(node, "includes");
}

function listedBy(node: Expression, method: string): number[] | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const { object, property } = node.callee;
  const [asked] = node.arguments;
  if (object.type !== "ArrayExpression" || property.type !== "Identifier" || property.name !== method)
    return undefined;
  if (asked === undefined || !isStatus(asked)) return undefined;
  const statuses = object.elements.map((one) => (one === null ? undefined : statusOf(one)));
  return statuses.length > 0 && statuses.every((one) => one !== undefined) ? statuses : undefined;
}

/** Whether a node is `r.status`. */
const isStatus = (node: Node): boolean => {
  const { type, property } = node as unknown as { type: string; property?: { type: string; name?: string } };
  return type === "MemberExpression" && property?.type === "Identifier" && property.name === "status";
};

/** A literal that is a status of HTTP. */
function statusOf(node: Node): number | undefined {
  const { type, value } = node as unknown as { type: string; value?: unknown };
  return type === "Literal" &&
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= 100 &&
    value <= 599
    ? value
    : undefined;
}

/** `0` or `-1` as text. */
function literalText(node: Expression): string {
  if (node.type === "UnaryExpression") return `${node.operator}${literalText(node.argument)}`;
  return node.type === "Literal" ? String(node.value) : "";
}
