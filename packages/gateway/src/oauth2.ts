import type { TargetConfig } from "@ape/core/config/target";
import { decodeText } from "@ape/core/lib/charset";
import type { Clock } from "@ape/core/lib/clock";
import { isJsonObject } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import { type Dispatcher, request } from "undici";

type OAuth2Config = Extract<TargetConfig["auth"], { oauth2: unknown }>["oauth2"];

/** Renewed this many milliseconds before it ends, so that it does not expire during a call. */
const EARLY_MS = 30_000;
const MAX_BYTES = 65_536;
const FETCH_MS = 10_000;
/** Lifetime of a token whose answer states none (RFC 6749, section 5.1, leaves it open). */
const UNNAMED_LIFE_S = 3_600;

/**
 * The token of one target by client credentials. Source: RFC 6749, section 4.4; the secret goes into the basic header,
 * form-encoded first (section 2.3.1). All waiting callers share one request.
 */
export class ClientCredentials {
  readonly #config: OAuth2Config;
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher | undefined;
  readonly #given: (token: string) => void;
  #token: { value: string; renewAt: number; until: number } | undefined;
  #asking: Promise<string> | undefined;

  /** @param given called with every token from the endpoint, before it is used */
  constructor(
    config: OAuth2Config,
    clock: Clock,
    dispatcher: Dispatcher | undefined,
    given: (token: string) => void = () => undefined,
  ) {
    this.#given = given;
    this.#config = config;
    this.#clock = clock;
    this.#dispatcher = dispatcher;
  }

  /**
   * A token that is valid for the next seconds.
   * @throws Error if the token endpoint gives none; an earlier token is used until it expires
   */
  async token(): Promise<string> {
    const held = this.#token;
    if (held !== undefined && this.#clock.now() < held.renewAt) return held.value;
    try {
      return await this.#ask();
    } catch (thrown) {
      if (held !== undefined && held === this.#token && this.#clock.now() < held.until) return held.value;
      throw thrown;
    }
  }

  /** Discards a token that a target refused. */
  refuse(value: string): void {
    if (this.#token?.value === value) this.#token = undefined;
  }

  #ask(): Promise<string> {
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(): Promise<string> {
    const { tokenUrl, clientId, clientSecret, scope, audience } = this.#config;
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    if (scope !== undefined) form.set("scope", scope);
    if (audience !== undefined) form.set("audience", audience);
    const credentials = `${encodeSegment(clientId)}:${encodeSegment(clientSecret)}`;
    const began = this.#clock.now();
    const { statusCode, body } = await request(tokenUrl, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
      },
      body: form.toString(),
      headersTimeout: FETCH_MS,
      bodyTimeout: FETCH_MS,
      ...(this.#dispatcher === undefined ? {} : { dispatcher: this.#dispatcher }),
    });
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of body as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > MAX_BYTES) throw new Error("the token endpoint answered too much");
      parts.push(part);
    }
    if (statusCode < 200 || statusCode > 299) throw new Error(`the token endpoint answered ${statusCode}`);
    const answer = jsonOf(Buffer.concat(parts));
    const value = isJsonObject(answer) ? answer.access_token : undefined;
    if (typeof value !== "string" || value === "") throw new Error("the token endpoint gave no access_token");
    for (const secret of secretsIn(answer)) this.#given(secret);
    const stated = isJsonObject(answer) ? Number(answer.expires_in) : Number.NaN;
    const seconds = Number.isFinite(stated) && stated > 0 ? stated : UNNAMED_LIFE_S;
    const life = seconds * 1_000;
    // A token with a lifetime below twice the margin is renewed at half its lifetime.
    this.#token = { value, renewAt: began + Math.max(life - EARLY_MS, life / 2), until: began + life };
    return value;
  }
}

/** Members of a token endpoint's answer by which anybody can sign in: `refresh_token`, `id_token`, `device_secret`. */
const SECRET_MEMBER = /(?:token|secret|assertion)$/i;

const secretsIn = (answer: unknown): string[] =>
  Object.entries(answer as object).flatMap(([name, value]) =>
    SECRET_MEMBER.test(name) && typeof value === "string" && value !== "" ? value : [],
  );

/** The message of `JSON.parse` would quote the answer, and with it the token. */
function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(decodeText(bytes).text);
  } catch {
    throw new Error("the token endpoint's answer is no JSON");
  }
}
