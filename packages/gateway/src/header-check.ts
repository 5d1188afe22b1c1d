import { headerNameFault, headerValueFault } from "@ape/core/protocol/http-field";

/** What is wrong with a call's headers, or undefined. */
export function invalidHeader(headers: Readonly<Record<string, string>> | undefined): string | undefined {
  if (headers === undefined) return undefined;
  for (const name in headers) {
    const fault = headerNameFault(name) ?? headerValueFault(name, headers[name] as string);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
