import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { renderApi } from "@ape/core/protocol/api";
import type { ChatRequest } from "@ape/core/protocol/chat";
import { renderView, type ViewFact } from "@ape/core/protocol/view";
import type { Planner } from "../src/planner.ts";
import type { ViewResult } from "../src/prompt/view-reader.ts";

/** A link of a page as text, its path and what is beside it: `Buy|/l/1|Lamp $5`. */
export type SiteLink = string;

/** A form: its button, what it sends, its fields (`name!` is required, `name:type`, `name=a,b+c` has the options `a` and `b c`, `name~a+b` has the value `a b`), and what is beside it. */
export interface SiteForm {
  button: string;
  sends: string;
  fields?: string;
  near?: string;
}

export interface SitePage {
  title: string;
  text?: string;
  links?: readonly SiteLink[];
  forms?: readonly SiteForm[];
}

/** Answers a path or a form with a page; the fields that were sent are in `data`. */
export type Site = (call: string, data: JsonObject) => { page: SitePage; status?: number; note?: string };

/** What a site answers, by its calls: a page, and a status other than 200. */
export type SiteAnswers = Readonly<Record<string, SitePage & { status?: number }>>;

/** A site of fixed answers, whose pages all have the same menu; anything else is a 404. */
export const siteOf =
  (menu: readonly SiteLink[], answers: SiteAnswers): Site =>
  (call) => {
    const { status = 200, ...page } = answers[call] ?? { title: "Not found", status: 404 };
    return { page: { ...page, links: [...menu, ...(page.links ?? [])] }, status };
  };

function fieldOf(text: string, errors: Readonly<Record<string, string>>): Json {
  const [told = "", value] = text.split("~");
  const [named = "", options] = told.split("=");
  const [name = "", type = "text"] = named.replace("!", "").split(":");
  return {
    name,
    type,
    label: name.replaceAll("_", " "),
    ...(named.includes("!") ? { required: true } : {}),
    ...(value === undefined ? {} : { value: value.replaceAll("+", " ") }),
    ...(options === undefined
      ? {}
      : { options: options.split(",").map((option) => option.replaceAll("+", " ")) }),
    ...(errors[name] === undefined ? {} : { error: errors[name] }),
  };
}

const shownPage = (
  { title, text = "", links = [], forms = [] }: SitePage,
  path: string,
  errors: Readonly<Record<string, string>>,
): Json => ({
  title,
  path,
  text,
  links: links.map((link) => {
    const [words = "", to = "", near] = link.split("|");
    return { text: words, path: to, ...(near === undefined ? {} : { near }) };
  }),
  forms: forms.map(({ button, sends, fields = "", near }, index) => ({
    form: String(index + 1),
    label: button,
    sends,
    ...(near === undefined ? {} : { near }),
    fields: fields
      .split(" ")
      .filter((one) => one !== "")
      .map((one) => fieldOf(one, errors)),
  })),
});

/** Runs a planner against a web site; returns the calls with their statuses, and the reason of the end. */
export function runSiteSession(planner: Planner, goal: string, site: Site, steps = 20): string[] {
  const facts: ViewFact[] = [
    { name: "user", value: "ann", origin: "data" },
    { name: "password", value: "{{password}}", origin: "data" },
  ];
  const past: ViewResult[] = [];
  const calls: string[] = [];
  let page: SitePage | undefined;
  for (let step = 1; step <= steps; step += 1) {
    const system = renderApi({
      target: "app",
      kind: "web",
      title: "app",
      documented: false,
      auth: [],
      operations: [],
    });
    const view = renderView({
      goal,
      facts,
      trail: past.map(({ body: _, ...call }) => call),
      dropped: 0,
      results: past.slice(-3).map((result) => ({ ...result, body: JSON.stringify(result.body) })),
    });
    const request = {
      model: "m",
      messages: [
        { role: "system", content: system },
        { role: "user", content: view },
      ],
      tools: ["http_get", "submit_form", "finish"].map((name) => ({
        type: "function",
        function: { name, description: "", parameters: {} },
      })),
      seed: step,
    } as unknown as ChatRequest;
    const [planned] = planner.plan(request).toolCalls;
    if (planned === undefined) throw new Error("no tool was called");
    const args = JSON.parse(planned.arguments) as JsonObject;
    if (planned.name === "finish") return [...calls, `finish: ${String(args.reason)}`];
    const form = planned.name === "submit_form" ? page?.forms?.[Number(args.form) - 1] : undefined;
    const path = form === undefined ? String(args.path) : form.sends;
    const data = isJsonObject(args.fields) ? args.fields : {};
    const link = page?.links?.find((one) => one.split("|")[1] === path)?.split("|")[0];
    const text =
      form === undefined
        ? `GET ${path}${link === undefined ? "" : ` ${JSON.stringify(link)}`}`
        : `submit_form ${String(args.form)} ${JSON.stringify(form.button)} ${JSON.stringify(data)}`;
    const got = site(form === undefined ? `GET ${path}` : path, data);
    const { status = 200, note } = got;
    page = got.page;
    const errors = isJsonObject(data.errors ?? null)
      ? {}
      : note?.startsWith("errors ") === true
        ? (JSON.parse(note.slice(7)) as Record<string, string>)
        : {};
    calls.push(`${text} -> ${status}`);
    past.push({
      step,
      target: "app",
      call: text,
      status,
      ...(note === undefined || note.startsWith("errors ") ? {} : { note }),
      body: shownPage(page, path.replace(/^\w+ /, ""), errors),
    });
  }
  return [...calls, "no end"];
}
