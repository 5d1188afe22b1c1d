import { Buffer } from "node:buffer";
import type { AttemptTimeouts } from "@ape/core/config/inference";
import { offAbort, onAbort } from "@ape/core/lib/abort";
import { withoutByteOrderMark } from "@ape/core/lib/charset";
import type { Clock } from "@ape/core/lib/clock";
import { messageOf } from "@ape/core/lib/errors";
import type { ModelError } from "@ape/core/protocol/chat";
import { type Dispatcher, errors } from "undici";
import { failedToolUse, statusError } from "../server/wire-error.ts";
import { AttemptTimer } from "./attempt-timer.ts";
import type { ChunkForms } from "./chunk-forms.ts";
import { ContentDecoder, codingOf, decodeWhole } from "./content-decoder.ts";
import { ResponseAssembler } from "./response-assembler.ts";
import type { AnswerHeaders } from "./retry.ts";
import { answerForm, SseReader } from "./sse.ts";
import {
  MAX_ANSWER_BYTES,
  NO_CALLS,
  type UpstreamRequest,
  type UpstreamResponse,
  type UsageDetails,
} from "./upstream.ts";

/** Failures of a connection before any answer: the request may be repeated. */
const UNSENT: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
const TIMEOUTS: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);
const NO_HEADERS: AnswerHeaders = {};

/** How long a stream may take to end after its `[DONE]`; some servers leave the connection open. */
const END_GRACE_MS = 250;
const endAfterDone = (attempt: HttpAttempt): void => attempt.done();
const awaitEnd = (attempt: HttpAttempt): void => attempt.awaitEnd();

/** One request on the wire: reads, measures and bounds the answer, and resolves exactly once. */
export class HttpAttempt implements Dispatcher.DispatchHandler {
  settled = false;
  /** Handed to a connection, which it uses until it is settled. */
  sent = false;
  readonly ask: UpstreamRequest;
  readonly #clock: Clock;
  readonly #timer: AttemptTimer;
  readonly #forms: ChunkForms;
  readonly #resolve: (attempt: UpstreamResponse, sent: boolean) => void;
  readonly #beganAt: number;
  #sentAt: number | undefined;
  #headersAt: number | undefined;
  #firstTokenAt: number | undefined;
  #firstReasoningAt: number | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: AnswerHeaders = NO_HEADERS;
  #assembly: ResponseAssembler | undefined;
  #reader: SseReader | undefined;
  #decoder: ContentDecoder | undefined;
  #coding: string | undefined;
  /** Whether it is decided if the answer is an event stream. */
  #formed = false;
  #refusal = "";
  #tap: UpstreamRequest["tap"];
  #pieces: Buffer[] = [];
  #bytes = 0;
  #whole = false;
  /** Whether the stream said `[DONE]`. */
  #ending = false;
  #doneTimer: NodeJS.Timeout | undefined;

  constructor(
    ask: UpstreamRequest,
    clock: Clock,
    timeouts: AttemptTimeouts,
    forms: ChunkForms,
    resolve: (attempt: UpstreamResponse, sent: boolean) => void,
  ) {
    this.ask = ask;
    this.#forms = forms;
    this.#clock = clock;
    this.#timer = new AttemptTimer(clock, timeouts, this);
    this.#resolve = resolve;
    this.#beganAt = clock.now();
    if (ask.signal?.aborted === true) this.aborted();
    else if (ask.signal !== undefined) onAbort(ask.signal, this);
  }

  /** A time limit has passed. */
  expired(message: string): void {
    this.give({ code: "timeout", status: this.#status, message });
  }

  /** Ends the attempt with an error, and cancels the request. */
  give(error: ModelError, unsent = false): void {
    if (this.settled) return;
    this.#settle(error, unsent);
    this.#controller?.abort(new Error(error.message));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.settled) {
      controller.abort(new Error("the call was given up while it waited"));
      return;
    }
    this.#sentAt = this.#clock.now();
    this.#timer.start();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200 || this.settled) return;
    this.#status = status;
    this.#headers = headers;
    this.#headersAt = this.#clock.now();
    this.#coding = codingOf(headers["content-encoding"]);
    if (status >= 300) return;
    this.#assembly = new ResponseAssembler(status, this.#forms);
    if (this.ask.tap === undefined || !this.ask.streamed) return;
    this.#tap = this.ask.tap;
    this.#tap.head(status, headers, this.ask.queuedMs + this.#queueMs());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    this.#timer.part();
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_ANSWER_BYTES) {
      this.give({
        code: "protocol",
        status: this.#status,
        message: `the answer is longer than ${MAX_ANSWER_BYTES} bytes`,
      });
      return;
    }
    if (!this.#formed && this.#assembly !== undefined) this.#findForm(chunk);
    // A client that asked for a whole answer gets the bytes of a stream as well.
    if (this.#reader === undefined || (this.ask.tap !== undefined && this.#tap === undefined))
      this.#pieces.push(chunk);
    if (this.#decoder !== undefined) this.#decoder.push(chunk);
    else if (this.#reader !== undefined) this.#read(chunk);
    this.#pass(controller, chunk);
  }

  /** Passes bytes on to a client that reads the answer as it comes. */
  #pass(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#tap !== undefined && !this.#tap.data(chunk)) {
      controller.pause();
      this.#timer.pause(true);
      this.#tap.whenDrained(() => {
        this.#timer.pause(false);
        controller.resume();
      });
    }
  }

  /** Reads a part of a stream. */
  #read(chunk: Buffer): void {
    this.#reader?.push(chunk);
    if (this.#firstTokenAt === undefined && this.#assembly !== undefined) {
      if (this.#assembly.begun) this.#firstTokenAt = this.#clock.now();
      else if (this.#assembly.reasoned) this.#firstReasoningAt ??= this.#clock.now();
    }
    if (this.#assembly?.isDone !== true || this.#tap !== undefined || this.#ending) return;
    this.#ending = true;
    // The end is mostly in the bytes that are being read: then no timer is needed.
    process.nextTick(awaitEnd, this);
  }

  /** Waits for the end of a stream that said `[DONE]`, for a short time. */
  awaitEnd(): void {
    if (!this.settled) this.#doneTimer = setTimeout(endAfterDone, END_GRACE_MS, this);
  }

  /** Ends a stream that said `[DONE]` and did not end. */
  done(): void {
    if (this.settled) return;
    this.#whole = true;
    this.#finish();
    this.#controller?.abort(new Error("the stream is over, and its connection was left open"));
  }

  /**
   * Distinguishes an event stream from a whole answer: by its first bytes, else by its type, which is sometimes wrong.
   */
  #findForm(chunk: Buffer): void {
    this.#formed = true;
    const type = String(this.#headers["content-type"] ?? "");
    const form = this.#coding === undefined ? answerForm(chunk) : undefined;
    if (form === undefined ? !this.#isStream(type) : form !== "events") return;
    const assembly = this.#assembly;
    this.#reader = new SseReader((data) => assembly?.event(data));
    if (this.#coding === undefined) return;
    this.#decoder = new ContentDecoder(this.#coding, {
      data: (decoded) => {
        if (!this.settled) this.#read(decoded);
      },
      end: () => {
        if (!this.settled) this.#finish();
      },
      fail: (thrown) =>
        this.give({
          code: "protocol",
          status: this.#status,
          message: `the answer is not ${this.#coding}, as its content-encoding says: ${messageOf(thrown)}`,
        }),
    });
  }

  onResponseEnd(): void {
    if (this.settled) return;
    this.#whole = true;
    this.#tap?.end();
    if (this.#decoder === undefined) this.#finish();
    else this.#decoder.end();
  }

  #finish(): void {
    const assembly = this.#assembly;
    if (assembly === undefined) {
      this.#refusal = this.#text() ?? "";
      const refused = failedToolUse(this.#refusal);
      if (refused === undefined || !this.ask.own) this.#settle(statusError(this.#status, this.#refusal));
      else {
        this.#assembly = new ResponseAssembler(this.#status, this.#forms);
        this.#assembly.content = refused;
        this.#settle(undefined);
      }
      return;
    }
    if (this.#reader === undefined) {
      const text = this.#text();
      if (text !== undefined) assembly.body(text);
      else
        assembly.error = {
          code: "protocol",
          status: this.#status,
          message: `the answer is not ${this.#coding}, as its content-encoding says`,
        };
    } else {
      this.#reader.end();
      if (this.#firstTokenAt === undefined && assembly.begun) this.#firstTokenAt = this.#clock.now();
      assembly.end();
    }
    this.#settle(assembly.error);
  }

  onResponseError(_controller: Dispatcher.DispatchController, thrown: Error): void {
    if (this.settled) return;
    const code = String((thrown as NodeJS.ErrnoException).code ?? "");
    const status = this.#status;
    if (TIMEOUTS.has(code))
      this.#settle({ code: "timeout", status, message: "the connection was not made in time" }, status === 0);
    else if (thrown instanceof errors.HTTPParserError)
      this.#settle({ code: "protocol", status, message: `not HTTP: ${thrown.message}` });
    else if (status > 0)
      this.#settle({
        code: "unavailable",
        status,
        message: `the connection broke off within the answer: ${messageOf(thrown)}`,
      });
    else this.#settle({ code: "unavailable", status, message: messageOf(thrown) || code }, UNSENT.has(code));
  }

  aborted(): void {
    this.give({ code: "cancelled", status: this.#status, message: "the call was cancelled" });
  }

  /** A JSON or HTML answer to a streamed request is read whole; event streams are read as such, asked for or not. */
  #isStream(type: string): boolean {
    if (type.includes("event-stream")) return true;
    return this.ask.streamed && !/json|html/.test(type);
  }

  #queueMs(): number {
    return (this.#sentAt ?? this.#clock.now()) - this.#beganAt;
  }

  #told(): UsageDetails | undefined {
    const told = this.#assembly?.told;
    if (this.#firstReasoningAt === undefined || this.#sentAt === undefined) return told;
    return { ...told, firstReasoningMs: this.#firstReasoningAt - this.#sentAt };
  }

  /** The answer's bytes as received. */
  #raw(): Buffer {
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
  }

  /** The answer as text; undefined if it is not in its declared coding. */
  #text(): string | undefined {
    try {
      const bytes = this.#coding === undefined ? this.#raw() : decodeWhole(this.#coding, this.#raw());
      return withoutByteOrderMark(bytes.toString("utf8"));
    } catch {
      return undefined;
    }
  }

  #settle(error: ModelError | undefined, unsent = false): void {
    this.settled = true;
    this.#timer.stop();
    clearTimeout(this.#doneTimer);
    this.#decoder?.close();
    if (this.ask.signal !== undefined) offAbort(this.ask.signal, this);
    const assembly = this.#assembly;
    const sentAt = this.#sentAt;
    const tapped = this.#tap !== undefined;
    const settled: UpstreamResponse = {
      status: this.#status,
      headers: this.#headers,
      content: assembly?.content ?? "",
      toolCalls: assembly?.toolCalls ?? NO_CALLS,
      inputTokens: assembly?.inputTokens,
      outputTokens: assembly?.outputTokens,
      told: this.#told(),
      error,
      unsent,
      queueMs: this.#queueMs(),
      firstTokenMs:
        this.#firstTokenAt === undefined || sentAt === undefined ? undefined : this.#firstTokenAt - sentAt,
      headersMs: this.#headersAt === undefined || sentAt === undefined ? undefined : this.#headersAt - sentAt,
      durationMs: sentAt === undefined ? 0 : this.#clock.now() - sentAt,
      whole: this.#whole,
      body: this.ask.tap !== undefined && !tapped ? this.#raw() : "",
      refusal: assembly === undefined || assembly.refusal === "" ? this.#refusal : assembly.refusal,
      finish: assembly?.finish,
      refused: assembly?.refused ?? "",
      atBoundary: this.#reader?.atBoundary ?? false,
    };
    this.#resolve(settled, this.sent);
  }
}
