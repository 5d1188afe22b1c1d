import { type ApeError, messageOf } from "@ape/core/lib/errors";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/** An error as its code, its details and its hint; a stack only for a defect of APE, or if requested. */
export function failureText(error: ApeError, style: Style, verbose = false): string {
  const lines = [`${style.bad(`error ${error.code}:`)} ${printable(messageOf(error))}`];
  for (const detail of error.details) lines.push(`  ${printable(detail)}`);
  if (error.hint !== undefined) lines.push(`hint: ${printable(error.hint)}`);
  if (verbose || error.code === "INTERNAL")
    lines.push(String((error.cause as Error | undefined)?.stack ?? error.stack));
  return `${lines.join("\n")}\n`;
}
