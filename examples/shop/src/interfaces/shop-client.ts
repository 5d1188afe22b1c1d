/** What an interface of the shop got from its REST API. */
export interface ShopAnswer {
  status: number;
  body: unknown;
}

/** The shop's REST API, as its other interfaces call it. */
export class ShopClient {
  readonly #url: string;

  /** @param url of the REST API */
  constructor(url: string) {
    this.#url = url;
  }

  /** @param headers of the request to the interface; its credential and trace are passed on */
  async call(
    method: string,
    path: string,
    options: { token?: string | undefined; traceparent?: string | undefined; data?: unknown } = {},
  ): Promise<ShopAnswer> {
    const { token, traceparent, data } = options;
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(traceparent === undefined ? {} : { traceparent }),
        ...(data === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(data === undefined ? {} : { body: JSON.stringify(data) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }
}

/** What an error of the REST API says. */
export function problemText({ status, body }: ShopAnswer): string {
  const error = (body as { error?: { message?: string; fields?: Record<string, string> } } | undefined)
    ?.error;
  const fields = Object.entries(error?.fields ?? {}).map(([name, text]) => `${name} ${text}`);
  return [error?.message ?? `status ${status}`, ...fields].join(" ");
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer (\S+)$/i.exec(header ?? "")?.[1];
}
