import { cleanSegment, foldText } from "./path-spelling.ts";

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * Compiles a pattern of `allow`, such as `GET /orders/*` or `* /admin/**`: `*` and `{name}` are one segment or a part of
 * one (or any method), `**` any number of segments. In `query *`, `tool search_*` a `*` is any part of the name; `* /**`
 * matches those, too.
 */
export function compileAllow(pattern: string): RegExp {
  const { method, path } = split(pattern);
  if (method === "*" && path === "/**") return /^/;
  if (!path.startsWith("/")) return named(method, path, "");
  const body = path
    .split("/")
    .slice(1)
    .map((segment) => {
      if (segment === "**") return "(?:/.*)?";
      return `/${segment
        .split(/(\*|\{[^}]+\})/)
        .map((part, index) => (index % 2 === 1 ? "[^/]+" : literal(part)))
        .join("")}`;
    })
    .join("");
  return new RegExp(`^${method === "*" ? "[A-Z]+" : method} ${body === "" ? "/?" : body}$`);
}

/**
 * Compiles a pattern of `deny` for the spellings that `pathSpellings` makes. It is read in the wide sense: a `*` beside
 * other text may be empty, `**` beside other text spans segments, a query is passed over.
 */
export function compileDeny(pattern: string): RegExp {
  const { method, path } = split(pattern);
  if (method === "*" && path === "/**") return /^/;
  if (!path.startsWith("/")) return named(method, path, "i");
  const segments = foldText(path.split(/[?#]/)[0] as string)
    .split(/[/\\]/)
    .map((segment) => (segment === "." || segment === ".." ? "" : cleanSegment(segment)))
    .filter((segment) => segment !== "");
  const body = segments
    .map((segment) => {
      if (segment === "**") return "(?:/.*)?";
      if (segment === "*") return "/[^/]+";
      return `/${segment
        .split(/(\*+|\{[^}]+\})/)
        .map((part, index) => (index % 2 === 0 ? literal(part) : wildcard(part)))
        .join("")}`;
    })
    .join("");
  return new RegExp(`^${method === "*" ? "\\S+" : method} ${body === "" ? "/" : body}$`, "s");
}

function wildcard(part: string): string {
  if (part.startsWith("{")) return "[^/]+";
  return part === "*" ? "[^/]*" : ".*";
}

function split(pattern: string): { method: string; path: string } {
  const [method = "*", path = "/**"] = pattern.split(" ");
  return { method, path };
}

/** A pattern of names: of GraphQL's root fields, of MCP's tools. */
function named(kind: string, name: string, flags: string): RegExp {
  return new RegExp(`^${kind} ${name.split("*").map(literal).join(".*")}$`, flags);
}
