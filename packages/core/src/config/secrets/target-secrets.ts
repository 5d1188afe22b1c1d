import { isJsonObject, type Json } from "../../lib/json.ts";
import { encodeSegment } from "../../lib/percent.ts";
import { querySecrets, splitUserinfo } from "../base-url.ts";
import type { TargetConfig } from "../target.ts";
import { canBeCredential, credentialName } from "./credential-name.ts";
import { credentialParts, isAuthorization, secretsOfUser } from "./credential-parts.ts";
import { isDrawnAtRandom } from "./drawn-at-random.ts";

/** Names of headers with credentials, besides those that {@link credentialName} knows. */
const SECRET_HEADER =
  /auth|cookie|token|key|secret|jwt|bearer|basic|hmac|credential|signature|session|csrf|xsrf|pass(?:w|code|phrase)|(?:^|[-_])(?:pass|pwd?|pin|otp|totp|mfa|sas|sig|sid|cert|client-cert|certificate)(?:$|[-_])/i;
/** Names of headers whose values are long and no secrets. */
const ORDINARY_HEADER =
  /^(?:accept|content|user-agent|referer|origin|host|via|if-|cache-control|range|traceparent|tracestate|sec-|date|from|forwarded|x-forwarded|x-request-id|x-correlation-id|x-trace|x-b3|api-version)/i;
/** Headers of which every scheme is known to be one, besides the schemes that are known in any header. */
const AUTHORIZATION = /authorization$/i;
const SCHEME = /^(?:Bearer|Basic|Digest|Token|ApiKey)\s+/i;

/** Whether a header's value is a credential by the header's name, or by its looks. */
function isSecretHeader(name: string, value: string): boolean {
  if (ORDINARY_HEADER.test(name)) return false;
  if (SECRET_HEADER.test(name) || credentialName(name) !== undefined) return true;
  return isDrawnAtRandom(value) || isAuthorization(value);
}

const base64 = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, "");

/** The credentials in a list of headers: whole values, without their scheme, their parts, and the values of single cookies. */
export function headerSecrets(list: Readonly<Record<string, string>>): string[] {
  const secrets: string[] = [];
  for (const [header, value] of Object.entries(list)) {
    if (!isSecretHeader(header, value)) continue;
    secrets.push(value, value.replace(SCHEME, ""));
    if (AUTHORIZATION.test(header) || SCHEME.test(value))
      for (const { name, value: part } of credentialParts(value))
        if (name === undefined || isSecretHeader(name, part)) secrets.push(part);
    if (/^cookie$/i.test(header))
      for (const pair of value.split(";")) secrets.push(pair.slice(pair.indexOf("=") + 1).trim());
  }
  return secrets.filter((secret) => secret !== "");
}

/** The credentials in the data of a call that the configuration makes, by the names of their fields. */
export function dataSecrets(data: Json | undefined): string[] {
  if (Array.isArray(data)) return data.flatMap(dataSecrets);
  if (!isJsonObject(data)) return [];
  return Object.entries(data).flatMap(([name, value]) => {
    const known = credentialName(name);
    return known !== undefined && canBeCredential(name, known, value) ? [String(value)] : dataSecrets(value);
  });
}

/** What a target's configuration holds of credentials, basic credentials as they are sent included. */
export function targetSecrets({ auth, headers, baseUrl, spec = "" }: TargetConfig): string[] {
  const secrets = [...headerSecrets(headers), ...querySecrets(baseUrl), ...querySecrets(spec)];
  const user = splitUserinfo(spec);
  if (user !== undefined)
    secrets.push(...secretsOfUser(user.username, user.password), base64(`${user.username}:${user.password}`));
  if (auth === "none") return secrets;
  if ("bearer" in auth) secrets.push(auth.bearer);
  else if ("basic" in auth) {
    const { username, password } = auth.basic;
    secrets.push(...secretsOfUser(username, password), base64(`${username}:${password}`));
  } else if ("oauth2" in auth) {
    const { clientId, clientSecret, tokenUrl } = auth.oauth2;
    secrets.push(
      ...querySecrets(tokenUrl),
      clientSecret,
      base64(`${encodeSegment(clientId)}:${encodeSegment(clientSecret)}`),
      base64(`${clientId}:${clientSecret}`),
    );
  } else {
    const { in: place, name, value } = auth.apiKey;
    secrets.push(value, ...(place === "header" ? headerSecrets({ [name]: value }) : []));
  }
  return secrets;
}
