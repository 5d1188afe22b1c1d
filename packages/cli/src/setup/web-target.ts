import { asksForUser, basicCredentials } from "@ape/agent/credentials/basic";
import { Cookies } from "@ape/agent/credentials/cookies";
import { loginOf } from "@ape/agent/session/data-row";
import { clausesOf } from "@ape/catalog/goal/clause";
import { thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import type { ApiDescription } from "@ape/core/protocol/api";
import { applyForm, submitForm } from "@ape/core/protocol/form";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import { canBeFilled, formOriginOf, isPassword, isSignInForm } from "@ape/core/protocol/sign-in";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import type { Gateway } from "@ape/gateway/gateway";
import type { LookWishes } from "@ape/setup/answers/environment";
import { isSecretName } from "@ape/setup/answers/suggest";
import { describeWebApi, isUnsafe, pageTemplate } from "@ape/setup/web-api-description";

/** The first row of a data file: column to text. */
type Account = Readonly<Record<string, string>>;

const MOST_PAGES = 20;
/** Further pages of the same kind show the same forms. */
const MOST_OF_A_KIND = 2;
/** Searches for what goals name. */
const MOST_SEARCHES = 4;

/** Pages of what was found. */
const MOST_FOUND = 3;

/** Cookies are kept by address: any of the target's own will do. */
const ORIGIN = "http://127.0.0.1";

/**
 * What the pages of a web application offer: its links and forms as operations. Nothing is sent but reads, searches for what the
 * goals name, and the sign-in form of the account.
 */
export async function describeWebTarget(
  gateway: Gateway,
  target: string,
  { account, goals = [] }: LookWishes = {},
): Promise<ApiDescription> {
  const visit = new Visit(gateway, target, account);
  const pages = await visit.read(["/"], MOST_PAGES);
  const landing = account === undefined ? undefined : await visit.signIn(pages, account);
  const own = landing === undefined ? [] : [landing, ...(await visit.read([landing.path, "/"], MOST_PAGES))];
  const shown = [...pages, ...own];
  const found = await visit.search(shown, goals.flatMap(namesIn));
  return describeWebApi(target, [...shown, ...found]);
}

/** What a goal calls things by. */
const namesIn = (goal: string): string[] =>
  clausesOf(goal, new Set()).flatMap((clause) => (clause.active ? (thingNamed(clause)?.text ?? []) : []));

/** A visit of a web application, with cookies of its own. */
class Visit {
  readonly #gateway: Gateway;
  readonly #target: string;
  readonly #account: Account | undefined;
  readonly #cookies = new Cookies();
  /** The user and the password, once a page has asked for them (RFC 7617). */
  #authorization: string | undefined;

  constructor(gateway: Gateway, target: string, account: Account | undefined) {
    this.#gateway = gateway;
    this.#target = target;
    this.#account = account;
  }

  /** The pages at these paths and those that they link to, each once. */
  async read(paths: readonly string[], most: number): Promise<Page[]> {
    const pages: Page[] = [];
    const seen = new Set<string>();
    const kinds = new Map<string, number>();
    const waiting = [...paths];
    while (pages.length < most) {
      const path = waiting.shift();
      if (path === undefined) break;
      const kind = pageTemplate(path);
      const read = kinds.get(kind) ?? 0;
      if (seen.has(path) || (kind !== path && read >= MOST_OF_A_KIND)) continue;
      seen.add(path);
      kinds.set(kind, read + 1);
      const page = pageOf(await this.#call({ target: this.#target, method: "GET", path }));
      if (page === undefined) continue;
      pages.push(page);
      for (const link of page.links) if (!isUnsafe(link)) waiting.push(link.path);
    }
    return pages;
  }

  /** The pages that searches for these names lead to. */
  async search(pages: readonly Page[], names: readonly string[]): Promise<Page[]> {
    const known = new Set(pages.map(({ path }) => path));
    const forms = new Map<string, PageForm>();
    for (const form of pages.flatMap((page) => page.forms))
      if (searchedBy(form) !== undefined && !forms.has(form.path)) forms.set(form.path, form);
    const searches = [...new Set(names)].flatMap((name) =>
      [...forms.values()].map((form) => ({ form, name })),
    );
    const found: Page[] = [];
    for (const { form, name } of searches.slice(0, MOST_SEARCHES)) {
      const shown = await this.#searchFor(name, form);
      if (shown === undefined) continue;
      const own = shown.links.filter((link) => !isUnsafe(link) && !known.has(link.path));
      const paths = own.map(({ path }) => path);
      found.push(shown, ...(await this.read(paths, MOST_FOUND)));
    }
    return found;
  }

  async #searchFor(name: string, form: PageForm): Promise<Page | undefined> {
    const sent = submitForm(form, { fields: { [searchedBy(form)?.name ?? ""]: name } });
    if (typeof sent === "string") return undefined;
    const call: ToolCall = { target: this.#target, method: "GET", path: form.path };
    applyForm(call, sent);
    return pageOf(await this.#call(call));
  }

  /**
   * Signs in by the form of one of these pages.
   * @returns the page that comes then; undefined without such a form, or where it was refused
   */
  async signIn(pages: readonly Page[], account: Account): Promise<Page | undefined> {
    for (const page of pages) {
      const form = page.forms.find((one) => isSignInForm(one, page.path));
      const fields = form && signInFields(form, account);
      const sent = form && fields && submitForm(form, { fields });
      if (form === undefined || typeof sent !== "object") continue;
      const call: ToolCall = {
        target: this.#target,
        method: "POST",
        path: form.path,
        origin: formOriginOf(page, form),
      };
      applyForm(call, sent);
      const landing = pageOf(await this.#call(call));
      return landing?.forms.some((one) => isSignInForm(one, landing.path)) === true ? undefined : landing;
    }
    return undefined;
  }

  async #call(call: ToolCall): Promise<ToolResult> {
    const url = `${ORIGIN}${call.path}`;
    const cookie = this.#cookies.header(url);
    if (cookie !== "") call.headers = { ...call.headers, cookie };
    const authorization = this.#authorization;
    if (authorization !== undefined) call.headers = { ...call.headers, authorization };
    const result = await this.#gateway.transport.call(call);
    const set = result.headers["set-cookie"];
    if (set !== undefined) this.#cookies.keep(url, set);
    const login = this.#account && loginIn(this.#account);
    if (result.status !== 401 || authorization !== undefined || login === undefined) return result;
    if (!asksForUser(result.headers)) return result;
    this.#authorization = `Basic ${basicCredentials(login.user, login.password)}`;
    return this.#call(call);
  }
}

const pageOf = ({ body, status, error }: ToolResult): Page | undefined =>
  body.kind === "page" && status < 400 && error === undefined ? body.page : undefined;

/** The field of a form that finds a thing by its name: the only text of one that changes nothing. */
function searchedBy({ method, controls }: PageForm): PageControl | undefined {
  const [only, ...others] = controls.filter(
    (control) => /^(?:text|search)$/.test(control.type) && control.options === undefined,
  );
  return method === "GET" && others.length === 0 ? only : undefined;
}

const loginIn = (account: Account): { user: string; password: string } | undefined =>
  loginOf({ values: account, secret: Object.keys(account).filter(isSecretName) });

/** The fields of a sign-in form: the columns of the account that they are named after, else its user and its password. */
function signInFields({ controls }: PageForm, account: Account): Record<string, string> | undefined {
  const login = loginIn(account);
  if (login === undefined) return undefined;
  const fields: Record<string, string> = {};
  for (const control of controls)
    if (canBeFilled(control) && control.options === undefined)
      fields[control.name] = isPassword(control) ? login.password : (account[control.name] ?? login.user);
  return fields;
}
