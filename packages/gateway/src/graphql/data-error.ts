import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { TransportError } from "@ape/core/protocol/tool-call";
import { statusFromText } from "../status-from-text.ts";
import { statusOfCode } from "./failure.ts";

export const MAX_MESSAGE = 400;
export const MESSAGE = /^(?:(?:error_?)?(?:message|msg)|description|detail|reason)$/i;

/** An object of the data that reports a failure of the operation. */
export interface ErrorInData {
  /** Type or field that reports it. */
  mark: string;
  /** The object with message and code. */
  about: Json;
}

/** The failure that an object of the data reports, with the equivalent HTTP status. */
export function errorOf({ mark, about }: ErrorInData): TransportError {
  const message = typeof about === "string" ? about : textOf(about, MESSAGE);
  const code = textOf(about, /^(?:error_?)?code$/i);
  const http = Number(code);
  const said = [code === "" ? mark : code, message].filter((part) => part !== "").join(": ");
  const words = `${mark.replaceAll(/([a-z])([A-Z])/g, "$1 $2")} ${message}`;
  const asCode = mark
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace(/_(?:ERROR|EXCEPTION|FAILURE|PROBLEM)$/, "");
  return {
    code: "failure",
    message: said.slice(0, MAX_MESSAGE),
    like:
      (http >= 400 && http < 600 ? http : undefined) ??
      statusOfCode(code) ??
      statusOfCode(asCode) ??
      statusFromText(words),
  };
}

function textOf(about: Json, name: RegExp): string {
  if (!isJsonObject(about)) return "";
  for (const key in about) {
    const value = about[key];
    if (name.test(key) && (typeof value === "string" || typeof value === "number")) return String(value);
  }
  return "";
}
