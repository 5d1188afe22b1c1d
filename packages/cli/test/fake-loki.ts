import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parser } from "@grafana/lezer-logql";

/** A line as a collector pushes it: labels, and metadata that queries see like labels. */
export interface KeptLine {
  at: bigint;
  labels: Record<string, string>;
  text: string;
}

/** For tests: as much of Loki as reading needs, by its documentation: `query_range` with its limits, order and half-open spans. */
export class FakeLoki {
  readonly url: string;
  readonly asked: URLSearchParams[] = [];
  readonly lines: KeptLine[];
  readonly #server: Server;

  private constructor(server: Server, lines: KeptLine[]) {
    this.#server = server;
    this.lines = lines;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(lines: KeptLine[] = []): Promise<FakeLoki> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://loki");
      if (pathname === "/ready") response.end("ready\n");
      else if (pathname === "/loki/api/v1/query_range") {
        loki.asked.push(searchParams);
        try {
          response.end(
            JSON.stringify({
              status: "success",
              data: { resultType: "streams", result: loki.#range(searchParams) },
            }),
          );
        } catch (thrown) {
          response.statusCode = 400;
          response.end(String((thrown as Error).message));
        }
      } else {
        response.statusCode = 404;
        response.end("404 page not found\n");
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const loki = new FakeLoki(server, lines);
    return loki;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #range(words: URLSearchParams): { stream: Record<string, string>; values: [string, string][] }[] {
    const limit = Number(words.get("limit") ?? 100);
    if (limit > 5_000)
      throw new Error("max entries limit per query exceeded, limit > max_entries_limit_per_query");
    const from = BigInt(words.get("start") ?? "");
    const to = BigInt(words.get("end") ?? "");
    const wanted = filterOf(words.get("query") ?? "");
    const forward = words.get("direction") === "forward";
    const found = this.lines
      .filter((line) => line.at >= from && line.at < to && wanted(line))
      .sort((a, b) => Number(a.at - b.at) * (forward ? 1 : -1))
      .slice(0, limit);
    const streams = new Map<string, { stream: Record<string, string>; values: [string, string][] }>();
    for (const { at, labels, text } of found) {
      const key = JSON.stringify(labels);
      const stream = streams.get(key) ?? { stream: labels, values: [] };
      stream.values.push([String(at), text]);
      streams.set(key, stream);
    }
    return [...streams.values()];
  }
}

/** What a query of a selector, line filters and comparisons of metadata lets through; Grafana's own parser reads it. */
export function filterOf(query: string): (line: KeptLine) => boolean {
  const every: ((line: KeptLine) => boolean)[] = [];
  let any: ((line: KeptLine) => boolean)[] | undefined;
  parser.parse(query).iterate({
    enter: ({ name, type, node, from, to }) => {
      if (type.isError) throw new Error(`parse error at ${from}: ${query}`);
      if (name === "PipelineStage") any = undefined;
      const text = node.getChild("String");
      if (text === null) return;
      const value = unquoted(query.slice(text.from, text.to));
      if (name === "LineFilter") every.push((line) => line.text.includes(value));
      if (name !== "Matcher") return;
      const [, label = "", sign = ""] = /^(\w+)\s*(=~|=)/.exec(query.slice(from, to)) ?? [];
      const pattern = sign === "=~" ? new RegExp(`^(?:${value})$`) : undefined;
      const holds = (line: KeptLine): boolean =>
        pattern === undefined ? line.labels[label] === value : pattern.test(line.labels[label] ?? "");
      if (any === undefined) {
        const alternatives = [holds];
        any = alternatives;
        every.push((line) => alternatives.some((one) => one(line)));
      } else any.push(holds);
    },
  });
  return (line) => every.every((one) => one(line));
}

const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/** A string in Go's double quotes, by the language's specification. */
function unquoted(quoted: string): string {
  const inner = /^"((?:[^"\\\n]|\\.)*)"$/su.exec(quoted)?.[1];
  if (inner === undefined) throw new Error(`invalid string ${quoted}`);
  return inner.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gsu, (_, code: string | undefined, letter: string) => {
    const point = code === undefined ? undefined : Number.parseInt(code, 16);
    if (point !== undefined && point >= 0xd800 && point <= 0xdfff)
      throw new Error(`half a surrogate pair in ${quoted}`);
    const character = point === undefined ? ESCAPES[letter] : String.fromCharCode(point);
    if (character === undefined) throw new Error(`unknown escape \\${letter}`);
    return character;
  });
}
