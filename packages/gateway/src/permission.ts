/**
 * Compiles `GET /orders/*`, `* /admin/**`: `*` is one segment (or any method), `**` any number of them. In `query *`,
 * `tool search_*` a `*` is any part of the name; `* /**` permits those, too.
 */
function compile(pattern: string): RegExp {
  const [method = "*", path = "/**"] = pattern.split(" ");
  if (method === "*" && path === "/**") return /^/;
  if (!path.startsWith("/")) return new RegExp(`^${method} ${path.split("*").map(literal).join(".*")}$`);
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

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What agents may do at a target. */
export class Permission {
  readonly #allow: readonly RegExp[];
  readonly #deny: readonly RegExp[];

  constructor(allow: readonly string[], deny: readonly string[]) {
    this.#allow = allow.map(compile);
    this.#deny = deny.map(compile);
  }

  /** @param path without its query */
  permits(method: string, path: string): boolean {
    const call = `${method} ${path}`;
    return (
      this.#allow.some((pattern) => pattern.test(call)) && !this.#deny.some((pattern) => pattern.test(call))
    );
  }
}
