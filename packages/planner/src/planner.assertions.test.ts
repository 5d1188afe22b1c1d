import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const JOBS = apiOf(
  "rest",
  "GET /jobs | Jobs | | [].id# [].title [].status=queued,running,done [].hours#",
  "GET /jobs/{id} | A job | | id# title status=queued,running,done hours#",
  "POST /jobs/{id}/start | Start a job | | id# status=queued,running,done",
);
const list: Past = ["GET /jobs", 200, [{ id: 3, title: "Sanding", status: "queued", hours: 5 }]];
const shown = (status: string): Past => ["GET /jobs/3", 200, { id: 3, title: "Sanding", status, hours: 5 }];
const notSo = (clause: string): string =>
  `finish: What was understood of the goal is done; not so: "${clause}".`;
const DONE = "finish: Every part of the goal is done.";

test.each([
  ["Check that job 3 is queued", "queued", DONE],
  ["Check that job 3 is running", "queued", notSo("Check that job 3 is running")],
  ["Check that job 3 is not running", "queued", DONE],
  ["Check that job 3 is not queued", "queued", notSo("Check that job 3 is not queued")],
  ["Check that job 3 takes 5 hours", "queued", DONE],
  ["Check that job 3 takes 6 hours", "queued", notSo("Check that job 3 takes 6 hours")],
  ["Check that job 3 is bright", "queued", DONE],
])("%s, which is %s", (goal, status, end) => {
  const past = [list, shown(status)];
  const call = nextCall(JOBS, goal, []);
  expect(call).toMatch(/^GET \/jobs/);
  expect(nextCall(JOBS, goal, call === "GET /jobs" ? past : past.slice(1))).toBe(end);
});
