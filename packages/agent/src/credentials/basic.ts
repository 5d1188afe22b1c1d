import type { ToolResult } from "@ape/core/protocol/tool-call";

/** A user and a password as they are sent (RFC 7617, section 2). */
export const basicCredentials = (user: string, password: string): string =>
  Buffer.from(`${user}:${password}`, "utf8").toString("base64");

/** Whether a 401 asks for a user and a password with each call (RFC 9110, section 11.6.1). */
export const asksForUser = (headers: ToolResult["headers"]): boolean =>
  /(?:^|[\s,])basic\b/i.test(String(headers["www-authenticate"] ?? ""));
