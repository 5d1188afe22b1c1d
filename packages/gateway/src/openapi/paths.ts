/**
 * Why a path of a document cannot be an operation, or undefined. A path contains neither a query nor a fragment, since
 * it is appended to the URL of a server (OpenAPI 3.1, "Paths Object"); its braces enclose names (OpenAPI 3.1, "Path
 * Templating").
 */
export function pathFault(path: string): string | undefined {
  if (!path.startsWith("/")) return `the path ${path} does not begin with /`;
  for (const [mark, part] of [
    ["?", "a query: describe it as parameters"],
    ["#", "a fragment, which is never sent"],
  ] as const)
    if (path.replaceAll(/\{[^{}]*\}/g, "").includes(mark))
      return `the path ${path} is left out: it has ${part}`;
  const rest = path.replaceAll(/\{[^{}/]+\}/g, "");
  if (rest.includes("{}")) return `the path ${path} is left out: a parameter has no name`;
  if (/[{}]/.test(rest)) return `the path ${path} is left out: its braces do not enclose names`;
  return undefined;
}
