import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@ape/core/lib/clock";
import type { Json } from "@ape/core/lib/json";
import { withoutMarks } from "@ape/core/lib/lossless-number";
import { Client, SdkHttpError, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { fetch } from "undici";
import type { HttpChannel } from "../targets/http-channel.ts";
import { AnswerTooLongError, boundedAnswer, wireLimit } from "./bounded-result.ts";
import { messageProblem } from "./result.ts";
import { watchAnswers } from "./stdio-answers.ts";
import { repairToolList } from "./tool-list.ts";

/** Minimum limit for a list of tools, and for a message over stdio: the SDK's limit for stdio. */
const LIST_BYTES = 10 * 1024 * 1024;
/** The SDK's error for a message over stdio that exceeds its buffer. */
const STDIO_OVERFLOW = /exceeded maximum size/;

/** What one call brings along and learns on its way. */
export interface McpExchange {
  /** Headers of the session. */
  headers: Readonly<Record<string, string>> | undefined;
  /** When the request was sent and when its answer began, on the monotonic clock. */
  sentAt?: number;
  firstAt?: number;
  /** Of the last HTTP answer; 0 over stdio. */
  status: number;
  /** Whether it calls a tool; a list of tools may be larger. */
  tool?: boolean;
  /** Ends the call with an error that its reader would not report. */
  fail?: (error: Error) => void;
  /** Why a message of its stream could not be read: the answer may still follow, until the stream ends. */
  unread?: Error;
}

/** A client, and its calls in flight. */
interface OpenClient {
  readonly client: Promise<Client>;
  /** Whether the server has given it a session. */
  readonly hasSession: Promise<boolean>;
  calls: number;
  /** Closed when the last call with it has ended. */
  isRetired: boolean;
}

const close = ({ client }: OpenClient): Promise<void> =>
  client.then((open) => open.close()).catch(() => undefined);

/** The code of JSON-RPC errors with which servers refuse a session that they do not know. */
const UNKNOWN_SESSION = -32_001;

/**
 * Whether a call was refused because the server has forgotten the session: 404 or 410 to a request with a session's id, or
 * 400 or an error of JSON-RPC with such a message.
 */
async function isSessionLost(thrown: unknown, { hasSession }: OpenClient): Promise<boolean> {
  if (!(thrown instanceof Error) || !isAboutSession(thrown)) return false;
  return hasSession;
}

function isAboutSession(error: Error): boolean {
  const names = /session/i.test(error.message);
  if (!(error instanceof SdkHttpError))
    return names && (error as { code?: unknown }).code === UNKNOWN_SESSION;
  return error.status === 404 || error.status === 410 || (error.status === 400 && names);
}

/** How a server under test is reached. */
export type McpEndpoint =
  | { url: string; channel: HttpChannel }
  | { command: readonly string[]; directory: string };

/**
 * One connection of this process to an MCP server under test, opened when first needed and again after it was lost.
 * Agents share it, but not their headers: each call carries its own.
 */
export class McpConnection {
  readonly #way: McpEndpoint;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #limit: number;
  readonly #calls = new AsyncLocalStorage<McpExchange>();
  /** Calls over stdio, whose answers share one stream. */
  readonly #overStdio = new Set<McpExchange>();
  #current: OpenClient | undefined;

  /** @param maxBody bytes of a tool's result that are read; also bounds other answers */
  constructor(way: McpEndpoint, clock: Clock, timeoutMs: number, maxBody: number) {
    this.#way = way;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#limit = wireLimit(maxBody);
  }

  /**
   * Uses the client within the context of one call.
   * @throws errors of the client; AnswerTooLongError
   */
  run<T>(context: McpExchange, act: (client: Client) => Promise<T>): Promise<T> {
    const stdio = "command" in this.#way;
    if (stdio) this.#overStdio.add(context);
    return new Promise<T>((resolve, reject) => {
      context.fail = reject;
      this.#calls.run(context, () => this.#act(act)).then(resolve, reject);
    }).finally(() => {
      if (stdio) this.#overStdio.delete(context);
    });
  }

  /**
   * Uses the client. If the server has forgotten the session, it has not processed the call: begins another session and
   * repeats the call once. Source: MCP 2025-11-25, "Session Management".
   */
  async #act<T>(act: (client: Client) => Promise<T>): Promise<T> {
    const first = this.#open();
    try {
      return await this.#with(first, act);
    } catch (thrown) {
      if (!(await isSessionLost(thrown, first))) throw thrown;
      this.#retire(first);
    }
    return this.#with(this.#open(), act);
  }

  async #with<T>(open: OpenClient, act: (client: Client) => Promise<T>): Promise<T> {
    open.calls += 1;
    try {
      return await act(await open.client);
    } finally {
      open.calls -= 1;
      if (open.isRetired && open.calls === 0) await close(open);
    }
  }

  /** Takes no further calls with a client; those in flight may end. */
  #retire(open: OpenClient): void {
    if (this.#current === open) this.#current = undefined;
    open.isRetired = true;
    if (open.calls === 0) void close(open);
  }

  /** The connection is unusable; the next call opens another. */
  async drop(): Promise<void> {
    const open = this.#current;
    this.#current = undefined;
    if (open !== undefined) await close(open);
  }

  #open(): OpenClient {
    if (this.#current === undefined) {
      const forget = (): void => {
        if (this.#current === opening) this.#current = undefined;
      };
      const client = this.#connect(forget);
      const hasSession = client.then(
        ({ transport }) => transport?.sessionId !== undefined,
        () => false,
      );
      const opening: OpenClient = { client, hasSession, calls: 0, isRetired: false };
      this.#current = opening;
      client.catch(forget);
    }
    return this.#current;
  }

  /** @param gone called when the connection has become unusable */
  async #connect(gone: () => void): Promise<Client> {
    const client = new Client(
      { name: "ape-test", version: "1" },
      { capabilities: {}, versionNegotiation: { mode: "auto" } },
    );
    client.onclose = gone;
    let over = false;
    client.onerror = (error) => {
      const call = this.#calls.getStore();
      if (call !== undefined && messageProblem(error) !== undefined) call.unread ??= error;
      // The process may write until it has ended, which affects no later call.
      if (over || !STDIO_OVERFLOW.test(error.message)) return;
      over = true;
      gone();
      const tooLong = new AnswerTooLongError(this.#stdioLimit);
      for (const call of this.#overStdio) call.fail?.(tooLong);
    };
    const transport = this.#transport();
    // The client calls this with each message before it reads the message itself.
    transport.onmessage = (message) => repairToolList(message as Json);
    if (transport instanceof StdioClientTransport)
      watchAnswers(transport, () => this.#calls.getStore()?.fail, this.#stdioLimit);
    await client.connect(transport, { timeout: this.#timeoutMs });
    return client;
  }

  /**
   * Whether numbers marked by `withMarks` are sent with their digits; over stdio the SDK serializes messages itself.
   */
  get writesDigits(): boolean {
    return "url" in this.#way;
  }

  get #stdioLimit(): number {
    return Math.max(this.#limit, LIST_BYTES);
  }

  #transport(): StreamableHTTPClientTransport | StdioClientTransport {
    const way = this.#way;
    if ("command" in way) {
      const [command = "", ...args] = way.command;
      return new StdioClientTransport({
        command,
        args,
        cwd: way.directory,
        stderr: "ignore",
        maxBufferSize: this.#stdioLimit,
      });
    }
    const { url, channel } = way;
    return new StreamableHTTPClientTransport(new URL(url), {
      fetch: async (to, init) => {
        const call = this.#calls.getStore();
        const headers = new Headers(init?.headers);
        const own = await channel.headersFor(call?.headers);
        for (let i = 0; i < own.length; i += 2) {
          const name = own[i] as string;
          // The protocol's own headers stay: accepted types, version, session.
          if (name !== "accept" && name !== "content-type" && !name.startsWith("mcp-"))
            headers.set(name, own[i + 1] as string);
        }
        if (call !== undefined) call.sentAt ??= this.#clock.now();
        const answer = await fetch(to, {
          ...(init as Parameters<typeof fetch>[1]),
          headers: [...headers],
          ...(typeof init?.body === "string" ? { body: withoutMarks(init.body) } : {}),
          redirect: "manual",
          dispatcher: channel.dispatcher,
        });
        if (call !== undefined) {
          call.firstAt = this.#clock.now();
          call.status = answer.status;
        }
        const limit = call?.tool === true ? this.#limit : Math.max(this.#limit, LIST_BYTES);
        return boundedAnswer(answer as unknown as Response, {
          limit,
          perEvent: init?.method === "GET",
          onOver: (error) => {
            if (init?.method !== "GET") call?.fail?.(error);
          },
          // The client would wait for an answer until its time limit. It reads the last message after this.
          onEnd: () =>
            setImmediate(() => {
              if (init?.method !== "GET" && call?.unread !== undefined) call.fail?.(call.unread);
            }),
        });
      },
    });
  }
}
