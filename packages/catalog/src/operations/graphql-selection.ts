import type { ApiField } from "@ape/core/protocol/api";

type Tree = Map<string, Tree>;

const ON = "... on ";
const TYPENAME = "__typename";

/** The selection of an answer's fields in a GraphQL document, ` { id price { ... on Fixed { value } } }`; empty without fields. */
export function graphqlSelection(fields: readonly Pick<ApiField, "name" | "onTypes">[]): string {
  const tree: Tree = new Map();
  for (const field of fields) for (const path of selectedPaths(field)) grow(tree, path);
  return selection(tree);
}

/** The ways to a field: one for each combination of the types that have it, which are named by fragments. */
function selectedPaths({ name, onTypes = [] }: Pick<ApiField, "name" | "onTypes">): string[][] {
  let paths: string[][] = [[]];
  let at = "";
  const branch = (): void => {
    for (const { types } of onTypes.filter((condition) => condition.at === at))
      paths = paths.flatMap((path) => types.map((type) => [...path, `${ON}${type}`]));
  };
  branch();
  for (const [part] of name.matchAll(/\[\]|[^.[\]]+/g)) {
    if (part === "[]") at += part;
    else {
      at = at === "" ? part : `${at}.${part}`;
      for (const path of paths) path.push(part);
    }
    branch();
  }
  return paths;
}

function grow(tree: Tree, path: readonly string[]): void {
  let at = tree;
  for (const part of path) {
    let next = at.get(part);
    if (next === undefined) {
      next = new Map();
      at.set(part, next);
    }
    at = next;
  }
}

function selection(tree: Tree): string {
  if (tree.size === 0) return "";
  const names = [...tree.keys()];
  // Which type came says whether the answer is an error.
  const typename = names.some((name) => name.startsWith(ON)) && !tree.has(TYPENAME) ? `${TYPENAME} ` : "";
  return ` { ${typename}${[...tree].map(([name, inner]) => `${name}${selection(inner)}`).join(" ")} }`;
}
