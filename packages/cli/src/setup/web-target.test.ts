import type { ApiDescription } from "@ape/core/protocol/api";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import type { ToolCall } from "@ape/core/protocol/tool-call";
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
        return { status, headers: {}, body: data ? { kind: "json", json: {} } : { kind: "page", page } };
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

test("twenty pages are enough", async () => {
  const site = Object.fromEntries(
    Array.from({ length: 24 }, (_, index) => [
      index === 0 ? "/" : `/${"abcdefghijklmnopqrstuvwx"[index]}`,
      { links: [["on", `/${"abcdefghijklmnopqrstuvwx"[index + 1]}`]] as [string, string][] },
    ]),
  );
  expect(await read(site)).toHaveLength(20);
});

/** A site with a login: it answers as a gateway does, and notes what it is sent. */
function signedSite(own: Record<string, Partial<Page>>, signIn: Partial<PageForm> = {}) {
  const sent: ToolCall[] = [];
  const shown = (path: string, more: Partial<Page> = {}): Page => ({
    title: path,
    path,
    text: "",
    links: [{ text: "On", path: "/items" }],
    forms: [],
    ...more,
  });
  const control = (name: string, type = "text", value = ""): PageControl => ({
    name,
    type,
    label: name,
    value,
    required: true,
  });
  const login = shown("/login", {
    forms: [
      {
        id: "1",
        label: "Log in",
        method: "POST",
        path: "/login",
        enctype: "application/x-www-form-urlencoded",
        controls: [
          control("csrf", "hidden", "t1"),
          control("email", "email"),
          control("password", "password"),
        ],
        ...signIn,
      },
    ],
  });
  const gateway = {
    transport: {
      call: async (call: ToolCall) => {
        sent.push(call);
        const isIn = call.headers?.cookie?.includes("sid=1") === true;
        const answer = (page: Page, headers = {}) => ({ status: 200, headers, body: { kind: "page", page } });
        if (call.method === "POST") {
          const { email, password } = call.data as Record<string, string>;
          return email === "ann@x.test" && password === "pw"
            ? answer(shown("/home", own["/home"]), { "set-cookie": ["sid=1; Path=/"] })
            : answer(login);
        }
        return answer(isIn ? shown(call.path, own[call.path]) : login);
      },
    },
  };
  return {
    sent,
    describe: (account?: Record<string, string>) =>
      describeWebTarget(gateway as unknown as Gateway, "app", account === undefined ? {} : { account }),
  };
}

const POST_FORM: PageForm = {
  id: "1",
  label: "Add an item",
  method: "POST",
  path: "/items",
  enctype: "application/x-www-form-urlencoded",
  controls: [],
};
const writes = ({ operations }: ApiDescription): string[] =>
  operations.flatMap(({ method, path }) => (method === "POST" ? path : []));

test.each<[string, Record<string, string> | undefined, string[]]>([
  ["an account", { email: "ann@x.test", password: "pw" }, ["/login", "/items"]],
  ["an account with other columns", { nr: "7", password: "pw", email: "ann@x.test" }, ["/login", "/items"]],
  ["a wrong password", { email: "ann@x.test", password: "no" }, ["/login"]],
  ["data without a password", { email: "ann@x.test", city: "Graz" }, ["/login"]],
  ["no data", undefined, ["/login"]],
])("with %s the forms of a site with a login are %j", async (_, account, forms) => {
  const { describe } = signedSite({ "/items": { forms: [POST_FORM] } });
  expect(writes(await describe(account))).toEqual(forms);
});

test("the sign-in form is sent once, with what it holds, and nothing else is but reads", async () => {
  const links = [
    { text: "Log out", path: "/logout" },
    { text: "Cancel", path: "/items/1/cancel" },
    { text: "Leave", path: "/unsubscribe" },
    ...["1", "2", "3", "4"].map((id) => ({ text: id, path: `/items/${id}` })),
  ];
  const { sent, describe } = signedSite({ "/home": { links }, "/items": { forms: [POST_FORM], links } });
  await describe({ email: "ann@x.test", password: "pw" });
  expect(sent.filter(({ method }) => method !== "GET").map(({ data }) => data)).toEqual([
    { csrf: "t1", email: "ann@x.test", password: "pw" },
  ]);
  const paths = new Set(sent.map(({ path }) => path));
  expect([...paths].filter((path) => /logout|cancel|unsub/.test(path))).toEqual([]);
  expect([...paths].filter((path) => /items\//.test(path))).toEqual(["/items/1", "/items/2"]);
});

/** A site on which things are found by their codes. */
function searchedSite(more: Partial<PageForm> = {}) {
  const paths: string[] = [];
  const field = (name: string, type = "text"): PageControl => ({
    name,
    type,
    label: name,
    value: "",
    required: false,
  });
  const find: PageForm = {
    id: "1",
    label: "Find",
    method: "GET",
    path: "/places",
    enctype: "application/x-www-form-urlencoded",
    controls: [field("code")],
    ...more,
  };
  const gateway = {
    transport: {
      call: async ({ method, path, query }: ToolCall) => {
        const asked = `${path}${query === undefined ? "" : `?${Object.values(query).join()}`}`;
        paths.push(`${method} ${asked}`);
        const page: Page =
          query === undefined
            ? { title: path, path, text: "", links: [{ text: "Leave", path: "/logout" }], forms: [find] }
            : {
                title: "Place",
                path: "/places/P7",
                text: "",
                links: [
                  { text: "Withdraw", path: "/places/P7/withdraw" },
                  { text: "Log out", path: "/logout" },
                ],
                forms: [],
              };
        return { status: 200, headers: {}, body: { kind: "page", page } };
      },
    },
  };
  return {
    paths,
    describe: (goals: readonly string[]) =>
      describeWebTarget(gateway as unknown as Gateway, "app", { goals }),
  };
}

test("what a goal names is searched for, and what its page may change is a guess", async () => {
  const { paths, describe } = searchedSite();
  const { operations } = await describe(["Withdraw the place P7."]);
  expect(paths).toEqual(["GET /", "GET /places?P7"]);
  expect(operations.filter(({ method }) => method === "POST")).toEqual([
    {
      method: "POST",
      path: "/places/{id}/withdraw",
      summary: "withdraw places",
      secured: false,
      guessedFrom: "Withdraw",
      fields: [],
    },
  ]);
});

test.each<[string, string[], Partial<PageForm>]>([
  ["a goal names nothing", ["Withdraw my place."], {}],
  ["there is no goal", [], {}],
  ["a form changes something", ["Withdraw the place P7."], { method: "POST" }],
  [
    "a form has two texts",
    ["Withdraw the place P7."],
    {
      controls: ["a", "b"].map((name) => ({ name, type: "text", label: name, value: "", required: false })),
    },
  ],
])("nothing is searched for where %s", async (_, goals, form) => {
  const { paths, describe } = searchedSite(form);
  await describe(goals);
  expect(paths).toEqual(["GET /"]);
});

test("four searches are enough", async () => {
  const { paths, describe } = searchedSite();
  await describe(["P1", "P2", "P3", "P4", "P5", "P6"].map((code) => `Withdraw the place ${code}.`));
  expect(paths).toHaveLength(5);
});
