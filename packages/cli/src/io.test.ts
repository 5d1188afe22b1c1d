import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { processIo } from "./io.ts";

function fakeProcess() {
  const written: string[] = [];
  const stream = () =>
    Object.assign(new EventEmitter(), {
      write: (text: string) => written.push(text),
      isTTY: true,
      columns: 120,
    });
  const sent: unknown[] = [];
  const exits: number[] = [];
  const fake = Object.assign(new EventEmitter(), {
    env: { A: "b" },
    cwd: () => "/here",
    stdout: stream(),
    stderr: stream(),
    connected: false,
    send: (message: unknown) => sent.push(message),
    exit: (code: number) => exits.push(code),
  });
  return { fake, io: processIo(fake as unknown as NodeJS.Process), written, sent, exits };
}

test("a reader or a terminal that went away is no error and is written to no more", () => {
  for (const code of ["EPIPE", "EIO"]) {
    const { fake, io, written } = fakeProcess();
    io.out.write("one");
    expect(io.out.closed).toBe(false);
    fake.stdout.emit("error", Object.assign(new Error(code), { code }));
    io.out.write("two");
    io.err.write("three");
    expect(io.out.closed).toBe(true);
    expect(written).toEqual(["one", "three"]);
  }
  const { fake } = fakeProcess();
  expect(() => fake.stdout.emit("error", Object.assign(new Error("ENOSPC"), { code: "ENOSPC" }))).toThrow();
});

test("interrupts are heard until one stops listening; unheard ones end the process with the code of an interrupt", () => {
  const { fake, io, exits } = fakeProcess();
  let heard = 0;
  const unsubscribe = io.onInterrupt(() => {
    heard += 1;
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) fake.emit(signal);
  expect(heard).toBe(3);
  expect(exits).toEqual([]);
  unsubscribe();
  fake.emit("SIGINT");
  expect([heard, exits]).toEqual([3, [105]]);
});

test("a run is announced to a parent that listens, and to nobody else", () => {
  const { fake, io, sent, exits } = fakeProcess();
  const run = { run: "r", directory: "/d" };
  io.announce(run);
  expect(sent).toEqual([]);
  fake.connected = true;
  io.announce(run);
  expect(sent).toEqual([run]);
  io.leave(105);
  expect(exits).toEqual([105]);
});

test("the terminal's own width, 80 where there is none", () => {
  const { fake, io } = fakeProcess();
  expect(io.err.columns).toBe(120);
  Object.assign(fake.stderr, { columns: undefined, isTTY: undefined });
  expect([io.err.columns, io.err.isTty]).toEqual([80, false]);
});
