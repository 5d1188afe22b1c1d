import { alternativesOfDraft, type CheckDraft, type SingleCheckDraft } from "../src/checks/check-draft.ts";

const fieldsOf = (body: Readonly<Record<string, unknown>> | undefined): string[] =>
  Object.entries(body ?? {}).map(([path, value]) => `${path}=${JSON.stringify(value)}`);

const pairsOf = (given: Readonly<Record<string, unknown>> | undefined, name: string): string[] =>
  given === undefined ? [] : [`${name} ${JSON.stringify(given)}`];

function textOf(check: SingleCheckDraft): string {
  if ("action" in check) {
    const { operation, target, status, body, capture, text, count, completes, ...rest } = check.action;
    return [
      `did ${target === undefined ? "" : `${target} `}${operation}`,
      ...(count === undefined ? [] : [`${count} times`]),
      ...(status === "2xx" || status === undefined ? [] : [`-> ${status}`]),
      ...fieldsOf(body),
      ...(text === undefined ? [] : [`text ${JSON.stringify(text)}`]),
      ...(completes === undefined ? [] : ["completes"]),
      ...Object.entries(capture ?? {}).map(([name, path]) => `{${name}}:${path}`),
      ...(Object.keys(rest).length === 0 ? [] : [JSON.stringify(rest)]),
    ].join(" ");
  }
  const {
    operation,
    target,
    after,
    expect: { status, body, text, ...expected } = {},
    query,
    arguments: args,
    document,
    ...rest
  } = check.probe;
  return [
    `read ${target === undefined ? "" : `${target} `}${operation}`,
    ...pairsOf(query, "query"),
    ...pairsOf(args, "with"),
    ...(document === undefined ? [] : [document]),
    ...(after === undefined ? [] : [`after ${after}`]),
    ...(status === 200 || status === undefined ? [] : [`-> ${[status].flat().join("|")}`]),
    ...fieldsOf(body),
    ...(text === undefined ? [] : [`text ${JSON.stringify(text)}`]),
    ...[expected, rest].flatMap((one) => (Object.keys(one).length === 0 ? [] : [JSON.stringify(one)])),
  ].join(" ");
}

/** A check in a line: `did POST /orders {orderId}:$.id`, `read GET /orders/{orderId} $.state="paid"`; alternatives with `or`. */
export const checkText = (check: CheckDraft): string => alternativesOfDraft(check).map(textOf).join(" or ");
