import { EventEmitter } from "node:events";
import type { Dispatcher } from "undici";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Connection, type ConnectionOwner, isRepeatable, type PendingRequest, refuse } from "./connection.ts";
import type { RequestOptions } from "./request-head.ts";
import type { SocketListener, SocketOpener } from "./socket.ts";

/** A socket that notes what is done to it. */
class FakeSocket extends EventEmitter {
  readonly log: string[] = [];
  writableLength = 0;
  /** Of the last write. */
  written: ((error?: Error | null) => void) | undefined;
  write(data: string | Uint8Array, encoding?: string, done?: (error?: Error | null) => void): boolean {
    const text = typeof data === "string" ? data : `bytes ${Buffer.from(data).toString("latin1")}`;
    this.log.push(`write ${encoding ?? "utf8"} ${text}`);
    this.written = done;
    return true;
  }
  note = (name: string) => () => {
    this.log.push(name);
    return this;
  };
  cork = this.note("cork");
  uncork = this.note("uncork");
  ref = this.note("ref");
  unref = this.note("unref");
  pause = this.note("pause");
  resume = this.note("resume");
  destroy = this.note("destroy");
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const order = (more: Partial<RequestOptions> = {}): RequestOptions => ({
  origin: "",
  path: "/",
  method: "GET",
  headers: [],
  body: null,
  ...more,
});

function handler() {
  const heard: string[] = [];
  let call: Dispatcher.DispatchController | undefined;
  const told: Dispatcher.DispatchHandler = {
    onRequestStart: (controller) => {
      call = controller;
      heard.push("start");
    },
    onResponseStart: (_, status) => void heard.push(`head ${status}`),
    onResponseData: (_, bytes) => void heard.push(`data ${bytes.toString()}`),
    onResponseEnd: () => void heard.push("end"),
    onResponseError: (_, error) => void heard.push(`error ${error.message}`),
  };
  return { heard, told, call: () => call as Dispatcher.DispatchController };
}

/** A connection over a fake socket, already open for its first request. */
function rig({ plain = true, openingMs = 1, first = order() as RequestOptions } = {}) {
  const socket = new FakeSocket();
  const owned: string[] = [];
  const resent: PendingRequest[] = [];
  const owner: ConnectionOwner = {
    host: "shop",
    release: () => void owned.push("release"),
    onClose: () => void owned.push("close"),
    endedIdle: () => void owned.push("endedIdle"),
    resend: (pending) => {
      owned.push("resend");
      resent.push(pending);
    },
  };
  const opener = { plain, open: () => socket } as unknown as SocketOpener;
  const one = handler();
  const connection = new Connection(opener, owner, { order: first, handler: one.told });
  const listener: SocketListener = connection;
  const say = (text: string) =>
    listener.bytes(Buffer.from(text, "latin1"), Buffer.byteLength(text, "latin1"));
  const open = () => listener.open({ dns: openingMs, connect: openingMs, tls: openingMs });
  /** Serves the first request, and takes a second one. */
  const reuse = (more: Partial<RequestOptions> = {}, resentBefore = false) => {
    open();
    say(OK);
    owned.length = 0;
    socket.log.length = 0;
    const two = handler();
    const pending = { order: order(more), handler: two.told, ...(resentBefore ? { resent: true } : {}) };
    connection.send(pending);
    return { ...two, pending };
  };
  return { socket, owned, resent, connection, one, say, open, reuse };
}

const HEAD = "GET / HTTP/1.1\r\nhost: shop\r\nconnection: keep-alive\r\n";

describe("a request is written", () => {
  test.each<[string, Partial<RequestOptions>, string[]]>([
    ["without content: its head alone", {}, [`write latin1 ${HEAD}\r\n`]],
    ["with an empty text: its head alone", { body: "" }, [`write latin1 ${HEAD}\r\n`]],
    ["with a text: in one piece", { body: "é" }, [`write utf8 ${HEAD}content-length: 2\r\n\r\né`]],
    [
      "with bytes: in two pieces that leave as one",
      { body: Buffer.from("b") },
      ["cork", `write latin1 ${HEAD}content-length: 1\r\n\r\n`, "write utf8 bytes b", "uncork"],
    ],
    [
      "with a text and a head beyond ASCII: in two pieces",
      { body: "b", headers: ["x", "\xe9"] },
      ["cork", `write latin1 ${HEAD}x: \xe9\r\ncontent-length: 1\r\n\r\n`, "write utf8 b", "uncork"],
    ],
  ])("%s", (_how, more, log) => {
    const { socket, open } = rig({ first: order(more) });
    open();
    expect(socket.log).toEqual(log);
  });
});

test("an answer is told in its parts, and the connection is released before its end is told", () => {
  const { say, open, owned, one, connection } = rig();
  open();
  say(OK);
  expect(one.heard).toEqual(["start", "head 200", "data ok", "end"]);
  expect([owned, connection.dead]).toEqual([["release"], false]);
});

test.each<[string, (made: ReturnType<typeof rig>) => void]>([
  [
    "whose server closes it",
    ({ say }) => say("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
  ],
  ["with bytes behind the answer", ({ say }) => say(`${OK}x`)],
  [
    "with a request that was not sent whole",
    ({ say, socket }) => {
      socket.writableLength = 1;
      say(OK);
    },
  ],
])("a connection %s serves no other request", (_what, act) => {
  const made = rig();
  made.open();
  act(made);
  expect(made.connection.dead).toBe(true);
  expect(made.owned.at(-1)).toBe("close");
  expect(made.socket.log.at(-1)).toBe("destroy");
});

test("an idle connection does not keep the process alive until it is used again", () => {
  const made = rig();
  made.open();
  made.say(OK);
  made.connection.unref();
  made.connection.send({ order: order(), handler: {} });
  made.say(OK);
  made.connection.send({ order: order(), handler: {} });
  expect(made.socket.log.filter((line) => line.endsWith("ref"))).toEqual(["unref", "ref"]);
});

describe("a handler that pauses", () => {
  test("is given the rest when it resumes, in order, with what came meanwhile", () => {
    const { say, open, one, socket } = rig();
    open();
    say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    one.call().pause();
    say("1\r\na\r\n");
    say("1\r\nb\r\n");
    say("0\r\n\r\n");
    expect(one.heard).toEqual(["start", "head 200"]);
    one.call().resume();
    expect(one.heard).toEqual(["start", "head 200", "data a", "data b", "end"]);
    expect(socket.log.slice(1)).toEqual(["pause", "resume"]);
  });

  test("hears of the connection's end only after the rest", () => {
    const { say, open, one, connection } = rig();
    open();
    say("HTTP/1.1 200 OK\r\n\r\n");
    one.call().pause();
    say("all");
    (connection as SocketListener).finished();
    expect(one.heard).toEqual(["start", "head 200"]);
    one.call().resume();
    expect(one.heard).toEqual(["start", "head 200", "data all", "end"]);
    expect(connection.dead).toBe(true);
  });

  test("and resumes twice reads nothing twice", () => {
    const { say, open, one, socket } = rig();
    open();
    say("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na");
    one.call().pause();
    one.call().resume();
    one.call().resume();
    say("bc");
    expect(one.heard.slice(2)).toEqual(["data a", "data bc", "end"]);
    expect(socket.log.filter((line) => line === "resume")).toHaveLength(1);
  });
});

describe("an abort", () => {
  test("before the answer begins to be awaited leaves the connection to others", () => {
    const { connection, owned, say, open } = rig();
    open();
    say(OK);
    owned.length = 0;
    const gone = handler();
    gone.told.onRequestStart = (call) => call.abort(new Error("no more"));
    connection.send({ order: order(), handler: gone.told });
    expect([gone.heard, owned, connection.dead]).toEqual([["error no more"], ["release"], false]);
  });

  test("of a sent request ends the connection; the handler hears of it once", () => {
    const { connection, owned, one, open, say } = rig();
    open();
    one.call().abort(new Error("no more"));
    one.call().abort(new Error("again"));
    say(OK);
    expect([one.heard, owned, connection.dead]).toEqual([["start", "error no more"], ["close"], true]);
  });
});

describe("before it is open, a connection", () => {
  test("that is destroyed refuses its request, and sends nothing when it opens after all", () => {
    const { connection, one, socket, open } = rig();
    connection.destroy(new Error("over"));
    open();
    expect([one.heard, socket.log]).toEqual([["error over"], ["destroy"]]);
  });

  test("that fails tells its request why, and of a close without a cause", () => {
    const cause = rig();
    (cause.connection as SocketListener).closed(new Error("refused"));
    (cause.connection as SocketListener).closed(new Error("twice"));
    expect(cause.one.heard).toEqual(["error refused"]);
    const none = rig();
    (none.connection as SocketListener).closed(undefined);
    expect(none.one.heard).toEqual(["error the connection was closed"]);
  });

  test("that is destroyed destroys the socket that replaces its own, too", () => {
    const { connection } = rig();
    const [early, late] = [new FakeSocket(), new FakeSocket()];
    (connection as SocketListener).replaced(early as never);
    expect(early.log).toEqual([]);
    connection.destroy(new Error("over"));
    (connection as SocketListener).replaced(late as never);
    expect([early.log, late.log]).toEqual([["destroy"], ["destroy"]]);
  });
});

const failed = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe("a reused connection whose server ends it before a byte of the answer", () => {
  test.each<[string, Partial<RequestOptions>, Error | undefined, string[]]>([
    ["repeats a GET after a reset", {}, failed("ECONNRESET", "read"), ["endedIdle", "close", "resend"]],
    ["repeats a GET after a close", {}, undefined, ["endedIdle", "close", "resend"]],
    [
      "repeats a POST of which nothing was written",
      { method: "POST" },
      failed("EPIPE", "write"),
      ["endedIdle", "close", "resend"],
    ],
    [
      "repeats a POST of which nothing was written in pieces",
      { method: "POST" },
      failed("EPIPE", "writev"),
      ["endedIdle", "close", "resend"],
    ],
    ["fails a POST after a reset", { method: "POST" }, failed("ECONNRESET", "read"), ["endedIdle", "close"]],
    [
      "fails a POST of more than one flight",
      { method: "POST", body: "a".repeat(14_600) },
      failed("EPIPE", "write"),
      ["endedIdle", "close"],
    ],
  ])("%s", (_what, more, error, log) => {
    const made = rig();
    const two = made.reuse(more);
    (made.connection as SocketListener).closed(error);
    expect(made.owned).toEqual(log);
    if (log.includes("resend")) {
      expect(made.resent).toEqual([{ ...two.pending, resent: true }]);
      expect(two.heard).toEqual(["start"]);
    } else expect(two.heard.at(-1)).toMatch(/^error /);
  });

  test("a request up to the size of one flight is repeated, head and content together", () => {
    for (const [size, repeated] of [
      [14_600, true],
      [14_601, false],
    ] as const) {
      const made = rig();
      const head = "POST / HTTP/1.1\r\nhost: shop\r\nconnection: keep-alive\r\ncontent-length: 14500\r\n\r\n";
      made.reuse({ method: "POST", body: "a".repeat(size - head.length) });
      (made.connection as SocketListener).closed(failed("EPIPE", "write"));
      expect(made.owned.includes("resend"), String(size)).toBe(repeated);
    }
  });

  test("nothing is repeated a second time, nor after a byte or an interim answer", () => {
    const again = rig();
    again.reuse({}, true);
    (again.connection as SocketListener).closed(undefined);
    expect(again.owned).toEqual(["close"]);
    for (const part of ["H", "HTTP/1.1 103 Early\r\n\r\n"]) {
      const made = rig();
      made.reuse();
      made.say(part);
      (made.connection as SocketListener).closed(undefined);
      expect(made.owned, part).toEqual(["close"]);
    }
  });

  test("the end of an unused one is told as such", () => {
    const made = rig();
    made.open();
    made.say(OK);
    made.owned.length = 0;
    (made.connection as SocketListener).finished();
    expect(made.owned).toEqual(["endedIdle", "close"]);
    const fresh = rig();
    fresh.open();
    (fresh.connection as SocketListener).finished();
    expect(fresh.owned).toEqual(["close"]);
  });
});

describe("a POST on a reused connection whose server closed its side", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function probed(openingMs: number) {
    const made = rig({ openingMs });
    const two = made.reuse({ method: "POST" });
    made.socket.log.length = 0;
    (made.connection as SocketListener).finished();
    return { ...made, two };
  }

  test.each([
    [1, 6],
    [0, 5],
    [10, 60],
  ])("is probed after twice what opening took, three parts of %d ms: after %d ms", (openingMs, ms) => {
    const { socket } = probed(openingMs);
    vi.advanceTimersByTime(ms - 1);
    expect(socket.log).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(socket.log).toEqual(["write latin1 \r\n"]);
  });

  test("is repeated if the probe cannot be written, and fails if it can, or fails in another way", () => {
    const unread = probed(1);
    vi.advanceTimersByTime(6);
    unread.socket.written?.(failed("EPIPE", "write"));
    expect(unread.resent).toHaveLength(1);
    for (const result of [undefined, null, failed("ECONNRESET", "write")]) {
      const read = probed(1);
      vi.advanceTimersByTime(6);
      read.socket.written?.(result);
      expect(read.resent).toEqual([]);
      expect(read.two.heard.at(-1)).toMatch(/^error /);
    }
  });

  test("is not probed twice, nor once the connection is dead", () => {
    const once = probed(1);
    (once.connection as SocketListener).finished();
    expect(once.two.heard.at(-1)).toBe("error other side closed");
    vi.advanceTimersByTime(100);
    expect(once.socket.log).toEqual(["destroy"]);
    const dead = probed(1);
    vi.advanceTimersByTime(6);
    dead.connection.destroy(new Error("over"));
    dead.socket.written?.(failed("EPIPE", "write"));
    expect([dead.resent, dead.two.heard.at(-1)]).toEqual([[], "error over"]);
  });

  test("is not probed over TLS, nor if it is longer than one flight", () => {
    const secure = rig({ plain: false });
    const two = secure.reuse({ method: "POST" });
    (secure.connection as SocketListener).finished();
    expect(two.heard.at(-1)).toBe("error other side closed");
    const long = rig();
    const three = long.reuse({ method: "POST", body: "a".repeat(14_600) });
    (long.connection as SocketListener).finished();
    expect(three.heard.at(-1)).toBe("error other side closed");
  });

  test("a head that is late ends the request, one that has come does not, and no limit is none", () => {
    const late = rig({ first: order({ headersTimeout: 50 }) });
    late.open();
    vi.advanceTimersByTime(49);
    expect(late.one.heard).toEqual(["start"]);
    vi.advanceTimersByTime(1);
    expect(late.one.heard.at(-1)).toMatch(/^error Headers Timeout/);
    const timely = rig({ first: order({ headersTimeout: 50 }) });
    timely.open();
    timely.say("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n");
    vi.advanceTimersByTime(60);
    expect(timely.one.heard).toEqual(["start", "head 200"]);
    const endless = rig();
    endless.open();
    vi.advanceTimersByTime(1e9);
    expect(endless.one.heard).toEqual(["start"]);
  });

  test("each request has its own limit for its head, of the same or another length", () => {
    for (const [first, second] of [
      [50, 50],
      [50, 80],
      [0, 50],
    ]) {
      const made = rig({ first: order({ headersTimeout: first as number }) });
      made.open();
      vi.advanceTimersByTime(30);
      made.say(OK);
      const two = handler();
      made.connection.send({ order: order({ headersTimeout: second as number }), handler: two.told });
      vi.advanceTimersByTime((second as number) - 1);
      expect(two.heard).toEqual(["start"]);
      vi.advanceTimersByTime(1);
      expect(two.heard).toHaveLength(2);
    }
    const none = rig({ first: order({ headersTimeout: 50 }) });
    none.open();
    none.say(OK);
    const two = handler();
    none.connection.send({ order: order(), handler: two.told });
    vi.advanceTimersByTime(1_000);
    expect(two.heard).toEqual(["start"]);
  });
});

test.each([
  ["GET", [], true],
  ["HEAD", [], true],
  ["OPTIONS", [], true],
  ["TRACE", [], true],
  ["PUT", [], true],
  ["DELETE", [], true],
  ["QUERY", [], true],
  ["POST", [], false],
  ["PATCH", [], false],
  ["get", [], false],
  ["POST", ["Idempotency-Key", "1"], true],
  ["PATCH", ["a", "b", "x-idempotency-key", "1"], true],
  ["POST", ["a", "idempotency-key"], false],
  ["POST", ["y-idempotency-key", "1"], false],
  ["POST", ["idempotency-keys", "1"], false],
])("%s with the headers %j may be sent twice: %j", (method, headers, repeatable) => {
  expect(isRepeatable(order({ method, headers }))).toBe(repeatable);
});

test("a refused request has a call that is over", () => {
  let over: Dispatcher.DispatchController | undefined;
  refuse({ order: order(), handler: { onResponseError: (call) => (over = call) } }, new Error("no"));
  expect([over?.aborted, over?.paused, over?.reason]).toEqual([true, false, null]);
});
