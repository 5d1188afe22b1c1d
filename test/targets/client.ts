import { randomBytes } from "node:crypto";

/** An answer that has been read. */
export interface Read {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; throws where it is none. */
  json(): unknown;
  /** A text or number deep inside the body; throws where there is none. */
  at<T extends string | number = string>(...path: Array<string | number>): T;
}

/** A test's HTTP client: it keeps no state except the headers that it was created with. */
export type Client = (operation: string, body?: unknown, headers?: Record<string, string>) => Promise<Read>;

/** A W3C trace context with a trace id of its own. */
export function newTrace(): { traceId: string; traceparent: string } {
  const traceId = randomBytes(16).toString("hex");
  return { traceId, traceparent: `00-${traceId}-00000000000000a1-01` };
}

/** A client of the server at `url`. Its first argument is `METHOD /path?query`; a string body is sent unchanged. */
export function clientOf(url: string, always: Record<string, string> = {}): Client {
  return async (operation, body, headers) => {
    const [method = "GET", path = "/"] = operation.split(" ");
    const sent: Record<string, string> = { ...always, ...headers };
    if (body !== undefined && sent["content-type"] === undefined) sent["content-type"] = "application/json";
    const init: RequestInit = { method, headers: sent, redirect: "manual" };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url + path, init);
    const text = await response.text();
    const json = (): unknown => JSON.parse(text);
    const at = <T extends string | number>(...path: Array<string | number>): T => {
      let found: unknown = json();
      for (const step of path) found = (found as Record<string | number, unknown>)[step];
      if (typeof found !== "string" && typeof found !== "number")
        throw new Error(`no ${path.join(".")} in ${text}`);
      return found as T;
    };
    return { status: response.status, headers: response.headers, text, json, at };
  };
}
