import { expect, test } from "vitest";
import { ActiveRequest } from "./call.ts";

function open() {
  const done: string[] = [];
  const connection = {
    abort: (reason: Error) => done.push(`abort ${reason.message}`),
    pause: () => done.push("pause"),
    resume: () => done.push("resume"),
  };
  return { request: new ActiveRequest({}, undefined, false, connection), done };
}

test("a request steers its connection", () => {
  const { request, done } = open();
  expect([request.paused, request.aborted, request.reason]).toEqual([false, false, null]);
  request.pause();
  expect(request.paused).toBe(true);
  request.resume();
  expect(request.paused).toBe(false);
  const reason = new Error("late");
  request.abort(reason);
  expect([request.aborted, request.reason]).toEqual([true, reason]);
  expect(done).toEqual(["pause", "resume", "abort late"]);
});

test("a request that is over steers nothing", () => {
  const { request, done } = open();
  request.detach();
  request.pause();
  request.resume();
  request.abort(new Error("late"));
  expect([done, request.aborted]).toEqual([[], false]);
});
