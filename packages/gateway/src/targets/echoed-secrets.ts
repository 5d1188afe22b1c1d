import { headerSecrets, targetSecrets } from "@ape/core/config/secrets/target-secrets";
import type { TargetConfig } from "@ape/core/config/target";
import { SecretMasker } from "@ape/core/lib/mask";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import type { ProxyAddress } from "@ape/http/proxy-settings";

/** In answers, which agents act on, shorter secrets are masked as whole values only. */
const MIN_IN_TEXT = 8;
/** Maximum number of remembered access tokens: an answer may mention one that was replaced. */
const MAX_TOKENS = 12;

/**
 * The credentials that a target's configuration and the forward proxies on the way add to calls. A target or a proxy may
 * echo its request, and neither agents, models nor events may see them: they are masked in answers.
 */
export class EchoedSecrets {
  readonly masker = new SecretMasker({ minInText: MIN_IN_TEXT });
  readonly #tokens: string[] = [];

  constructor(config: TargetConfig) {
    for (const secret of targetSecrets(config)) this.masker.add(secret);
  }

  /** Adds the credentials of a forward proxy. */
  addProxy(proxy: ProxyAddress | undefined): void {
    if (proxy?.authorization === undefined) return;
    for (const secret of headerSecrets({ "proxy-authorization": proxy.authorization }))
      this.masker.add(secret);
  }

  /** Adds an access token that was fetched for the target. */
  addToken(token: string): void {
    const known = this.#tokens.indexOf(token);
    // A refresh token may be given again with the next token.
    if (known >= 0) this.#tokens.splice(known, 1);
    else this.masker.add(token);
    this.#tokens.push(token);
    if (this.#tokens.length > MAX_TOKENS) this.masker.delete(this.#tokens.shift() as string);
  }

  /** The headers of an answer without secrets, `set-cookie` unchanged; the same object if there is nothing to mask. */
  headersWithout(headers: ToolResult["headers"]): ToolResult["headers"] {
    let changed: ToolResult["headers"] | undefined;
    for (const name in headers) {
      if (name === "set-cookie") continue;
      const value = headers[name];
      const shown =
        typeof value === "string" ? this.masker.mask(value) : value?.map((one) => this.masker.mask(one));
      if (typeof shown !== "string" || shown === value) continue;
      changed ??= { ...headers };
      changed[name] = shown;
    }
    return changed ?? headers;
  }
}
