import type { Gateway } from "@ape/gateway/gateway";
import { expect, test } from "vitest";
import { describeWebTarget } from "./web-target.ts";

interface Site {
  [path: string]: { status?: number; links?: [text: string, path: string][]; data?: true };
}

/** The paths that are read of a site. */
async function read(site: Site): Promise<string[]> {
  const paths: string[] = [];
  const gateway = {
    transport: {
      call: async ({ target, method, path }: { target: string; method: string; path: string }) => {
        expect([target, method]).toEqual(["app", "GET"]);
        paths.push(path);
        const { status = 200, links = [], data } = site[path] ?? { status: 404 };
        const page = {
          title: path,
          path,
          text: "",
          links: links.map(([text, to]) => ({ text, path: to })),
          forms: [],
        };
        return { status, body: data ? { kind: "json", json: {} } : { kind: "page", page } };
      },
    },
  };
  await describeWebTarget(gateway as unknown as Gateway, "app");
  return paths;
}

test("a site is read from its first page on, each page once", async () => {
  expect(
    await read({
      "/": {
        links: [
          ["A", "/a"],
          ["B", "/b"],
          ["A", "/a"],
        ],
      },
      "/a": {
        links: [
          ["C", "/c"],
          ["Home", "/"],
        ],
      },
      "/b": {},
      "/c": {},
    }),
  ).toEqual(["/", "/a", "/b", "/c"]);
});

test("what ends a session or deletes something is not followed", async () => {
  const links: [string, string][] = [
    ["Log out", "/x"],
    ["Bye", "/logout"],
    ["Bye", "/sign-off"],
    ["Sign_out", "/y"],
    ["Delete it", "/d"],
    ["It", "/remove/1"],
    ["Log in", "/login"],
  ];
  expect(await read({ "/": { links } })).toEqual(["/", "/login"]);
});

test("links of pages that failed, and of what is no page, are not followed", async () => {
  expect(
    await read({
      "/": {
        links: [
          ["A", "/a"],
          ["B", "/b"],
        ],
      },
      "/a": { status: 400, links: [["C", "/c"]] },
      "/b": { data: true },
    }),
  ).toEqual(["/", "/a", "/b"]);
  expect(await read({ "/": { links: [["A", "/a"]] }, "/a": { status: 399, links: [["C", "/c"]] } })).toEqual([
    "/",
    "/a",
    "/c",
  ]);
});

test("eight pages are enough", async () => {
  const site = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      index === 0 ? "/" : `/${index}`,
      { links: [["on", `/${index + 1}`]] as [string, string][] },
    ]),
  );
  expect(await read(site)).toHaveLength(8);
});
