import { alternativesOfDraft, type CheckDraft, type SingleCheckDraft } from "../src/checks/check-draft.ts";

const fieldsOf = (body: Readonly<Record<string, unknown>> | undefined): string[] =>
  Object.entries(body ?? {}).map(([path, value]) => `${path}=${JSON.stringify(value)}`);

function textOf(check: SingleCheckDraft): string {
  if ("action" in check) {
    const { operation, status, body, capture, text, count, completes } = check.action;
    return [
      `did ${operation}`,
      ...(count === undefined ? [] : [`${count} times`]),
      ...(status === "2xx" || status === undefined ? [] : [`-> ${status}`]),
      ...fieldsOf(body),
      ...(text === undefined ? [] : [`text ${JSON.stringify(text)}`]),
      ...(completes === undefined ? [] : ["completes"]),
      ...Object.entries(capture ?? {}).map(([name, path]) => `{${name}}:${path}`),
    ].join(" ");
  }
  const {
    operation,
    after,
    expect: { status, body, text },
    arguments: args,
    document,
  } = check.probe;
  return [
    `read ${operation}`,
    ...(args === undefined ? [] : [`with ${JSON.stringify(args)}`]),
    ...(document === undefined ? [] : [document]),
    ...(after === undefined ? [] : [`after ${after}`]),
    ...(status === 200 ? [] : [`-> ${[status].flat().join("|")}`]),
    ...fieldsOf(body),
    ...(text === undefined ? [] : [`text ${JSON.stringify(text)}`]),
  ].join(" ");
}

/** A check in a line: `did POST /orders {orderId}:$.id`, `read GET /orders/{orderId} $.state="paid"`; alternatives with `or`. */
export const checkText = (check: CheckDraft): string => alternativesOfDraft(check).map(textOf).join(" or ");
