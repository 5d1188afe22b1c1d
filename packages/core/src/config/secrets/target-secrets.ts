import { encodeSegment } from "../../lib/percent.ts";
import { querySecrets } from "../base-url.ts";
import type { TargetConfig } from "../target.ts";

const SECRET_HEADER = /authorization|cookie|token|key|secret/i;

const base64 = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, "");

/** The credentials in a list of headers: whole values, without their scheme, and the values of single cookies. */
export function headerSecrets(list: Readonly<Record<string, string>>): string[] {
  const secrets: string[] = [];
  for (const [header, value] of Object.entries(list)) {
    if (!SECRET_HEADER.test(header)) continue;
    secrets.push(value, value.replace(/^(?:Bearer|Basic|Token|ApiKey)\s+/i, ""));
    if (/^cookie$/i.test(header))
      for (const pair of value.split(";")) secrets.push(pair.slice(pair.indexOf("=") + 1).trim());
  }
  return secrets.filter((secret) => secret !== "");
}

/** What a target's configuration holds of credentials, basic credentials as they are sent included. */
export function targetSecrets({ auth, headers, baseUrl }: TargetConfig): string[] {
  const secrets = [...headerSecrets(headers), ...querySecrets(baseUrl)];
  if (auth === "none") return secrets;
  if ("bearer" in auth) secrets.push(auth.bearer);
  else if ("basic" in auth) {
    const { username, password } = auth.basic;
    secrets.push(password, base64(`${username}:${password}`));
  } else if ("oauth2" in auth) {
    const { clientId, clientSecret } = auth.oauth2;
    secrets.push(
      clientSecret,
      base64(`${encodeSegment(clientId)}:${encodeSegment(clientSecret)}`),
      base64(`${clientId}:${clientSecret}`),
    );
  } else secrets.push(auth.apiKey.value);
  return secrets;
}
