import type { ChildProcess } from "node:child_process";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** An answer to a call that is no answer of JSON-RPC. */
export class UnreadableAnswerError extends Error {
  constructor(problem: string) {
    super(`the answer is no MCP message: ${problem}`);
  }
}

type Id = string | number;

const NEWLINE = 0x0a;
/** Ids at any level of a line: whether one is that of a call is seen without reading the line. */
const IDS = /"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)/g;

/**
 * Ends the calls of tools over stdio whose answers are no answers of JSON-RPC, for which the client would wait until its
 * time limit. Lines of anything else, as logs of servers that write to the wrong stream, end no call.
 * @param failOf gives what ends the call that sends a message
 * @param limit bytes of a line; longer ones are not looked at
 */
export function watchAnswers(
  transport: StdioClientTransport,
  failOf: () => ((error: Error) => void) | undefined,
  limit: number,
): void {
  const awaited = new Map<Id, (error: Error) => void>();
  const send = transport.send.bind(transport);
  transport.send = (message) => {
    if ("method" in message && "id" in message && message.method.startsWith("tools/")) {
      const fail = failOf();
      if (fail !== undefined) awaited.set(message.id, fail);
    }
    return send(message);
  };
  const before = transport.onmessage;
  transport.onmessage = (message) => {
    if ("id" in message && message.id !== undefined && !("method" in message)) awaited.delete(message.id);
    before?.(message);
  };
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    // The client has no public way to the lines that it does not understand. It reads each chunk before this does.
    const { _process } = transport as unknown as { _process?: ChildProcess };
    const lines = new LineReader(limit);
    _process?.stdout?.on("data", (chunk: Buffer) => {
      for (const line of lines.read(chunk)) {
        if (awaited.size === 0) continue;
        for (const [id, problem] of problemsOf(line, awaited)) {
          awaited.get(id)?.(new UnreadableAnswerError(problem));
          awaited.delete(id);
        }
      }
    });
  };
}

/** The calls that a line answers as no client can read it, and why. */
function problemsOf(line: string, awaited: ReadonlyMap<Id, unknown>): [Id, string][] {
  const ids = Array.from(line.matchAll(IDS), ([, id = ""]) => JSON.parse(id) as Id);
  const [first] = ids.filter((id) => awaited.has(id));
  if (first === undefined) return [];
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
  } catch {
    return /^\s*[[{]/.test(line) && /"jsonrpc"\s*:/.test(line) && !/"method"\s*:/.test(line)
      ? [[first, "it is not JSON"]]
      : [];
  }
  const isBatch = Array.isArray(value);
  return (Array.isArray(value) ? value : [value]).flatMap((one): [Id, string][] => {
    if (!isJsonObject(one) || one.method !== undefined) return [];
    const { id } = one;
    if ((typeof id !== "string" && typeof id !== "number") || !awaited.has(id)) return [];
    // Anything else with an id is a line of a log.
    if (!["jsonrpc", "result", "error"].some((name) => one[name] !== undefined)) return [];
    return [[id, isBatch ? "it is a list of messages" : whyUnreadable(one)]];
  });
}

function whyUnreadable({ jsonrpc, result, error }: Readonly<Record<string, Json>>): string {
  if (jsonrpc !== "2.0") return "it is not of JSON-RPC 2.0";
  if (result === undefined && error === undefined) return "it has neither a result nor an error";
  if (error === undefined)
    return isJsonObject(result) ? "it has more than a result" : "its result is no object";
  return "its error is none of JSON-RPC 2.0, which has a number as its code and a message";
}

/** Splits a stream into lines; those longer than the limit are left out. */
class LineReader {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  *read(chunk: Buffer): Generator<string> {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, at));
      if (this.#bytes <= this.#limit) yield Buffer.concat(this.#parts).toString("utf8");
      this.#parts = [];
      this.#bytes = 0;
      from = at + 1;
    }
    this.#add(chunk.subarray(from));
  }

  #add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#limit) this.#parts = [];
    else this.#parts.push(part);
  }
}
