/** The kind and the first field of a GraphQL document's root, as far as its text shows them. */
export function graphqlOperation(query: string, name: string | undefined): { kind: string; root: string } {
  const at =
    name === undefined
      ? -1
      : query.search(new RegExp(`\\b(?:query|mutation)\\s+${name.replaceAll(/\W/g, "")}\\b`));
  const text = at < 0 ? query : query.slice(at);
  const kind =
    /\bmutation\b/.exec(text.slice(0, Math.max(0, text.indexOf("{")))) === null ? "query" : "mutation";
  return { kind, root: /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(text)?.[1] ?? "unknown" };
}
