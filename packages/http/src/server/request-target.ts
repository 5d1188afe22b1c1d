import type { IncomingMessage } from "node:http";

const ABSOLUTE = /^https?:\/\/([^/?#]*)([^#]*)$/i;

/**
 * Brings the target of a request into origin-form, in place: an absolute-form target replaces the `Host` header.
 * @returns the path, or undefined if the target is none that a server answers, such as `*` or an authority
 * Source: RFC 9112, section 3.2.
 */
export function readRequestTarget(request: IncomingMessage): string | undefined {
  let url = request.url ?? "";
  if (!url.startsWith("/")) {
    const match = ABSOLUTE.exec(url);
    if (match === null) return undefined;
    const [, authority = "", rest = ""] = match;
    request.headers.host = authority;
    url = rest.startsWith("/") ? rest : `/${rest}`;
    request.url = url;
  }
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** The query of a request in origin-form. Never throws: malformed percent sequences stay as they are. */
export function queryOf({ url = "" }: IncomingMessage): URLSearchParams {
  const query = url.indexOf("?");
  return new URLSearchParams(query === -1 ? "" : url.slice(query + 1));
}
