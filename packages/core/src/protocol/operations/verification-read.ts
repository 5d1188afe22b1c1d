import type { ApiField, ApiOperation } from "../api.ts";
import { isIdName } from "../id-name.ts";

const CAPTURE = /^[A-Za-z][\w-]*$/;

/** How what an operation made can be read: that is how a check proves it. */
export interface ReadBack {
  /** `GET /orders/{orderId}`, its parameter being the capture's name. */
  operation: string;
  capture: string;
  /** The field of the making answer that the capture is taken from. */
  field: string;
  /** The plain fields that the read answers. */
  says: readonly string[];
}

/** The read of a POST's own path and one id, which the POST answers; undefined if there is none. */
export function readBack(made: ApiOperation, operations: readonly ApiOperation[]): ReadBack | undefined {
  if (made.method !== "POST") return undefined;
  const read = operations.find(
    ({ method, path }) =>
      method === "GET" && path !== made.path && path.replace(/\/\{[^/}]+\}$/, "") === made.path,
  );
  if (read === undefined) return undefined;
  const parameter = read.path.slice(read.path.lastIndexOf("{") + 1, -1);
  const answers = answersOf(made);
  const last = (field: string): string => field.slice(field.lastIndexOf(".") + 1);
  const field =
    answers.find((name) => last(name) === parameter) ??
    answers.find((name) => last(name) === "id") ??
    answers.find((name) => isIdName(last(name)));
  if (field === undefined) return undefined;
  const capture = CAPTURE.test(parameter) ? parameter : "id";
  return { operation: `GET ${made.path}/{${capture}}`, capture, field, says: answersOf(read) };
}

function answersOf(operation: ApiOperation): string[] {
  const isPlain = ({ in: where, name, type }: ApiField): boolean =>
    where === "answer" && !name.includes("[]") && !/^(?:object|array)|\[\]$/.test(type);
  return operation.fields.filter(isPlain).map(({ name }) => name);
}
