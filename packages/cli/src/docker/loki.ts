import { ApeError, messageOf } from "@ape/core/lib/errors";

/** A line that Loki keeps. */
export interface LokiLine {
  /** Nanoseconds since 1970: more digits than a number can hold. */
  at: bigint;
  labels: Readonly<Record<string, string>>;
  text: string;
}

/** A time span, in nanoseconds since 1970, without its end. */
export interface Span {
  from: bigint;
  to: bigint;
}

/** Loki's default for the maximum number of lines per answer (`max_entries_limit_per_query`). */
const PAGE = 5_000;
const TIMEOUT_MS = 30_000;

type Stream = { stream: Record<string, string>; values: [at: string, text: string, ...more: unknown[]][] };

/** The part of Loki's HTTP API that reads lines. */
export class Loki {
  readonly #url: string;
  readonly #page: number;

  /**
   * @param url such as `http://127.0.0.1:3100`
   * @param page lines per answer
   */
  constructor(url: string, page = PAGE) {
    this.#url = url;
    this.#page = page;
  }

  /** Whether it answers at all. */
  async answers(): Promise<boolean> {
    const { request } = await import("undici");
    try {
      const { statusCode, body } = await request(`${this.#url}/ready`, {
        headersTimeout: 3_000,
        bodyTimeout: 3_000,
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  /**
   * Every line of a span, oldest first, page by page: a page begins with the last instant of the page before, because
   * lines share instants, and skips lines that were already returned.
   * @throws ApeError CONTAINERS_FAILED
   */
  async *read(query: string, { from, to }: Span): AsyncGenerator<LokiLine> {
    let given = new Set<string>();
    for (let start = from; start < to; ) {
      const lines = await this.#ask(query, { from: start, to }, "forward", this.#page);
      for (const line of lines) if (!given.has(keyOf(line))) yield line;
      const last = lines.at(-1)?.at;
      if (last === undefined || lines.length < this.#page) return;
      // More lines in one instant than an answer holds: continues with the next instant.
      start = last > start ? last : last + 1n;
      given = new Set(lines.filter(({ at }) => at === last).map(keyOf));
    }
  }

  /**
   * The last lines of a span, oldest first.
   * @throws ApeError CONTAINERS_FAILED
   */
  async last(query: string, { from, to }: Span, most: number): Promise<LokiLine[]> {
    const found = new Map<string, LokiLine>();
    for (let end = to; found.size < most && end > from; ) {
      const limit = Math.min(this.#page, most);
      const lines = await this.#ask(query, { from, to: end }, "backward", limit);
      for (const line of lines) found.set(keyOf(line), line);
      const oldest = lines.at(-1)?.at;
      if (oldest === undefined || lines.length < limit) break;
      // A span does not include its end.
      end = oldest + 1n < end ? oldest + 1n : oldest;
    }
    return [...found.values()].sort(byTime).slice(-most);
  }

  async #ask(
    query: string,
    { from, to }: Span,
    direction: "forward" | "backward",
    limit: number,
  ): Promise<LokiLine[]> {
    const { request } = await import("undici");
    const words = new URLSearchParams({
      query,
      start: `${from}`,
      end: `${to}`,
      limit: `${limit}`,
      direction,
    });
    const path = `${this.#url}/loki/api/v1/query_range?${words}`;
    const { status, text } = await request(path, { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
      .then(async ({ statusCode, body }) => ({ status: statusCode, text: await body.text() }))
      .catch((cause: unknown) => {
        throw new ApeError("CONTAINERS_FAILED", `Loki at ${this.#url} cannot be asked: ${messageOf(cause)}`, {
          cause,
        });
      });
    if (status !== 200)
      throw new ApeError("CONTAINERS_FAILED", `Loki refused the query ${query}`, {
        details: [`${status} ${text.trim()}`],
      });
    const { data } = JSON.parse(text) as { data: { result: Stream[] } };
    const lines = data.result.flatMap(({ stream, values }) =>
      values.map(([at, line]): LokiLine => ({ at: BigInt(at), labels: stream, text: line })),
    );
    lines.sort(byTime);
    return direction === "forward" ? lines : lines.reverse();
  }
}

function byTime(a: LokiLine, b: LokiLine): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

/** Identity of a line. */
export function keyOf({ at, labels, text }: LokiLine): string {
  return `${at} ${JSON.stringify(labels)} ${text}`;
}
