/**
 * The address of an application that no package registry has, without a slash at its end.
 * @throws if the environment variable is not set: the message says how to build the application
 */
export function addressOf(variable: string, source: string): string {
  const url = process.env[variable];
  if (url === undefined || url === "")
    throw new Error(`no registry has it: start ${source} and set ${variable} to its address`);
  return url.replace(/\/$/, "");
}

/** Calls an application's own API and returns the JSON that it answers. */
export async function apiCall<T>(
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const answer = await fetch(url, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: { "content-type": "application/json", ...headers },
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
