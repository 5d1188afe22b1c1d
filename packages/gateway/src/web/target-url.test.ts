import { expect, test } from "vitest";
import { TargetUrl } from "./target-url.ts";

const FROM = new URL("http://shop.test/app/list/page?x=1");

test.each<[string, string | undefined]>([
  ["/app", "/"],
  ["/app/", "/"],
  ["/app/a?b=c#d", "/a?b=c"],
  [" next ", "/list/next"],
  ["?y=2", "/list/page?y=2"],
  ["../../app/a", "/a"],
  ["http://shop.test/app/a", "/a"],
  ["http://shop.test:80/app/a", "/a"],
  ["//shop.test/app/a", "/a"],
  ["/apple", undefined],
  ["/other", undefined],
  ["https://shop.test/app/a", undefined],
  ["http://shop.test:81/app/a", undefined],
  ["http://evil.test/app/a", undefined],
  ["http://u@shop.test/app/a", undefined],
  ["http://:p@shop.test/app/a", undefined],
  ["mailto:a@shop.test", undefined],
  ["http://[", undefined],
])("on a page of the target %s leads to %j", (reference, path) => {
  expect(new TargetUrl("http://shop.test", "/app").path(reference, FROM)).toBe(path);
});

test("a target at the root has every path of its origin, and a path has its address", () => {
  const root = new TargetUrl("http://shop.test", "");
  expect([root.path("/other", FROM), root.path("/", FROM)]).toEqual(["/other", "/"]);
  expect(root.url("/a?b").href).toBe("http://shop.test/a?b");
  expect(new TargetUrl("http://shop.test", "/app").url("/a?b").href).toBe("http://shop.test/app/a?b");
});
