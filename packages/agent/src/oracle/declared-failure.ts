import { isJsonObject, type Json } from "@ape/core/lib/json";

const SUCCESS = /^(?:is_?)?(?:ok|success(?:ful)?|succeeded)$/i;

/**
 * Finds the failure that an answer with a 2xx status reports: `{"ok": false}`, an error of JSON-RPC 2.0 (section 5.1),
 * errors beside `data: null`, or a status in its body.
 * @returns the text of the failure; undefined if there is none
 */
export function declaredFailure(json: Json): string | undefined {
  if (!isJsonObject(json)) return undefined;
  for (const name in json) if (json[name] === false && SUCCESS.test(name)) return `"${name}": false`;
  const { jsonrpc, error, errors, data, status, message } = json;
  if (typeof jsonrpc === "string" && isJsonObject(error as Json)) return "an error of JSON-RPC";
  if (data === null && Array.isArray(errors) && errors.length > 0) return "errors and no data";
  if (typeof status === "number" && status >= 400 && status < 600 && typeof (message ?? error) === "string")
    return `"status": ${status}`;
  return undefined;
}
