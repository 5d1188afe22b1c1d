import { afterEach, expect, test } from "vitest";
import { startConduit } from "../targets/conduit.ts";
import { runConduitGoals } from "../targets/conduit-goals.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("a back end that this project did not invent is worked with nothing but its document and goals in words", {
  timeout: 120_000,
}, async () => {
  const blog = await startConduit();
  closing.push(() => blog.close());
  const { summary, failed, events } = await runConduitGoals(blog.url, 40, 8);
  expect(failed).toEqual([]);
  expect(summary.sessions).toMatchObject({ ended: 40, succeeded: 40 });
  const { publish, read } = summary.sessions.byGoal;
  const deeds = blog.deeds();
  expect(deeds.users).toBe(40);
  expect(deeds.deleted).toBe(publish?.ended);
  expect(deeds.articles).toBe(publish?.ended);
  expect(deeds.follows).toBe(read?.ended);
  expect(deeds.comments).toBe(40);
  expect(JSON.stringify(events)).not.toMatch(/jwt\.\w+\.sig/);
});
