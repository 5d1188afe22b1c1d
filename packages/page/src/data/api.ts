import type { Comparison } from "@ape/core/report/comparison";
import type { LiveIncrement, LiveWhole, PageFolder, PageRun } from "@ape/core/report/page-data";
import { StreamParser } from "./event-stream.ts";
import { withIncrement } from "./live-merge.ts";

const RETRY_MS = 1_000;
/** A live run sends something every two seconds: a connection that is silent for this long is dead. */
const SILENT_MS = 10_000;

/** A refusal of the page's server, with its status. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message === "" ? `the server answered ${status}` : message);
    this.status = status;
  }
}

/** What the server says of a refusal: why, and the next step. */
interface RefusalBody {
  error?: unknown;
  hint?: unknown;
}

/** The server of a live page or of a folder's runs. Every call carries the token of the page's address. */
export class PageApi {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  folder(): Promise<PageFolder> {
    return this.#json<PageFolder>("api/folder");
  }

  run(id: string): Promise<PageRun> {
    return this.#json<PageRun>(`api/runs/${encodeURIComponent(id)}`);
  }

  compare(a: string, b: string): Promise<Comparison> {
    return this.#json<Comparison>(`api/compare?${new URLSearchParams({ a, b })}`);
  }

  async command(path: "scale" | "stop", parameters: Record<string, string>): Promise<void> {
    await this.#fetch(`api/${path}?${new URLSearchParams(parameters)}`, { method: "POST" });
  }

  /**
   * Follows a live run until it ends; connects again when the connection is lost. Each connection begins with
   * everything so far, so that no bucket is missing.
   * @param state called with `ended` when the run's results are complete
   * @param refused called with the reason of each attempt that the server refuses
   */
  follow(
    listener: (run: LiveWhole | PageRun) => void,
    state: (state: "live" | "lost" | "ended") => void,
    refused: (error: RefusedError) => void,
  ): () => void {
    const end = new AbortController();
    const loop = async (): Promise<void> => {
      while (!end.signal.aborted) {
        try {
          if (await this.#read(listener, state, end.signal)) {
            state("ended");
            return;
          }
        } catch (error) {
          // Otherwise the server is gone or the connection was cut: try again.
          if (error instanceof RefusedError && !end.signal.aborted) refused(error);
        }
        if (end.signal.aborted) return;
        state("lost");
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    };
    void loop();
    return () => end.abort();
  }

  /** Reads one connection; true if the run has ended. */
  async #read(
    listener: (run: LiveWhole | PageRun) => void,
    state: (state: "live") => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const connection = new AbortController();
    const cut = (): void => connection.abort();
    signal.addEventListener("abort", cut);
    let silence = setTimeout(cut, SILENT_MS);
    try {
      const response = await this.#fetch("api/events", { signal: connection.signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (reader === undefined) return false;
      return await readMessages(reader, listener, state, () => {
        clearTimeout(silence);
        silence = setTimeout(cut, SILENT_MS);
      });
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", cut);
      cut();
    }
  }

  async #json<T>(path: string): Promise<T> {
    return (await (await this.#fetch(path, {})).json()) as T;
  }

  async #fetch(path: string, options: RequestInit): Promise<Response> {
    const response = await fetch(path, { ...options, headers: { authorization: `Bearer ${this.#token}` } });
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => undefined);
    const { error = "", hint = "" } = (typeof body === "object" && body !== null ? body : {}) as RefusalBody;
    throw new RefusedError(response.status, hint === "" ? `${error}` : `${error}. ${hint}`);
  }
}

/** Reads messages until the stream ends; true if the run has ended. */
async function readMessages(
  reader: ReadableStreamDefaultReader<string>,
  listener: (run: LiveWhole | PageRun) => void,
  state: (state: "live") => void,
  heard: () => void,
): Promise<boolean> {
  const parser = new StreamParser();
  let whole: LiveWhole | undefined;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return false;
    heard();
    const messages = parser.push(value);
    for (const { event, data } of messages) {
      if (event === "final") {
        listener(JSON.parse(data) as PageRun);
        return true;
      }
      if (event === "whole") whole = JSON.parse(data) as LiveWhole;
      else if (event === "increment" && whole !== undefined)
        whole = withIncrement(whole, JSON.parse(data) as LiveIncrement);
      if (whole === undefined) return false;
    }
    if (whole === undefined || messages.length === 0) continue;
    state("live");
    listener(whole);
  }
}
