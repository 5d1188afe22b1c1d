import type { IncomingMessage } from "node:http";
import { CONDUIT_DOCUMENT } from "./conduit-api.ts";
import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A small blog of the RealWorld kind, written from the public specification alone. */
export interface Conduit {
  /** With `/api` behind it. */
  readonly url: string;
  readonly document: Record<string, unknown>;
  /** The server's own record. */
  deeds(): {
    users: number;
    articles: number;
    comments: number;
    favourites: number;
    follows: number;
    deleted: number;
  };
  close(): Promise<void>;
}

interface User {
  username: string;
  email: string;
  password: string;
  token: string;
  bio: string;
  follows: Set<string>;
}
interface Comment {
  id: number;
  author: User;
  body: string;
  at: string;
}
interface Article {
  slug: string;
  title: string;
  description: string;
  body: string;
  tagList: string[];
  author: User;
  at: string;
  fans: Set<User>;
  comments: Comment[];
}

type Reply = [status: number, body?: unknown];
interface Call {
  user: User | undefined;
  params: string[];
  query: URLSearchParams;
  data: Record<string, Record<string, unknown> | undefined>;
}

const unauthorized: Reply = [401, { errors: { token: ["is missing or invalid"] } }];
const missing: Reply = [404, { errors: { article: ["not found"] } }];
const blank = (fields: readonly string[]): Reply => [
  422,
  { errors: Object.fromEntries(fields.map((field) => [field, ["can't be blank"]])) },
];
const filled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

class Blog {
  readonly users = new Map<string, User>();
  readonly #slugs = new Set<string>();
  readonly articles = new Map<string, Article>();
  deleted = 0;
  comments = 0;
  #clock = Date.parse("2026-01-01T00:00:00Z");

  constructor() {
    const jo = this.#enrol("jo", "jo@blog.example", "jo-knows-jo");
    for (const title of ["How to prune roses", "Bread without kneading", "A week by bicycle"])
      this.#publish(jo, { title, description: `About ${title}`, body: `${title}. It goes like this.` });
  }

  get now(): string {
    this.#clock += 1_000;
    return new Date(this.#clock).toISOString();
  }

  #enrol(username: string, email: string, password: string): User {
    const token = Buffer.from(JSON.stringify({ username, n: this.users.size })).toString("base64url");
    const user = {
      username,
      email,
      password,
      token: `jwt.${token}.sig`,
      bio: "",
      follows: new Set<string>(),
    };
    this.users.set(username, user);
    return user;
  }

  #publish(author: User, given: Record<string, unknown>): Article {
    const title = String(given.title);
    const slug = slugOf(title);
    const article: Article = {
      slug,
      title,
      description: String(given.description),
      body: String(given.body),
      tagList: Array.isArray(given.tagList) ? given.tagList.map(String) : [],
      author,
      at: this.now,
      fans: new Set(),
      comments: [],
    };
    this.articles.set(slug, article);
    this.#slugs.add(slug);
    return article;
  }

  profile(of: User, seenBy: User | undefined): object {
    const { username, bio } = of;
    return { username, bio, image: null, following: seenBy?.follows.has(username) === true };
  }

  shown(
    { slug, title, description, body, tagList, author, at, fans }: Article,
    by: User | undefined,
  ): object {
    return {
      slug,
      title,
      description,
      body,
      tagList,
      createdAt: at,
      updatedAt: at,
      favorited: by !== undefined && fans.has(by),
      favoritesCount: fans.size,
      author: this.profile(author, by),
    };
  }

  self({ email, token, username, bio }: User): object {
    return { user: { email, token, username, bio, image: null } };
  }

  register({ data: { user = {} } }: Call): Reply {
    const { username, email, password } = user;
    const empty = Object.entries({ username, email, password }).flatMap(([name, value]) =>
      filled(value) ? [] : [name],
    );
    if (empty.length > 0 || !filled(username) || !filled(email) || !filled(password)) return blank(empty);
    const taken = [...this.users.values()].some(
      (other) => other.username === username || other.email === email,
    );
    if (taken) return [422, { errors: { username: ["has already been taken"] } }];
    return [201, this.self(this.#enrol(username, email, password))];
  }

  login({ data: { user = {} } }: Call): Reply {
    const found = [...this.users.values()].find(
      ({ email, password }) => email === user.email && password === user.password,
    );
    return found === undefined
      ? [403, { errors: { "email or password": ["is invalid"] } }]
      : [200, this.self(found)];
  }

  list({ user, query }: Call): Reply {
    const author = query.get("author");
    const tag = query.get("tag");
    const found = [...this.articles.values()]
      .reverse()
      .filter(
        (one) =>
          (author === null || one.author.username === author) && (tag === null || one.tagList.includes(tag)),
      );
    const offset = Number(query.get("offset") ?? 0);
    const limit = Number(query.get("limit") ?? 20);
    return [
      200,
      {
        articles: found.slice(offset, offset + limit).map((one) => this.shown(one, user)),
        articlesCount: found.length,
      },
    ];
  }

  write({ user, data: { article = {} } }: Call): Reply {
    if (user === undefined) return unauthorized;
    const empty = ["title", "description", "body"].filter((name) => !filled(article[name]));
    if (empty.length > 0) return blank(empty);
    // A slug stays taken after its article was deleted, as in systems that only mark deletions.
    if (this.#slugs.has(slugOf(String(article.title))))
      return [422, { errors: { slug: ["has already been taken"] } }];
    return [201, { article: this.shown(this.#publish(user, article), user) }];
  }

  remove(article: Article, { user }: Call): Reply {
    if (article.author !== user) return [403, { errors: { article: ["forbidden"] } }];
    this.articles.delete(article.slug);
    this.deleted += 1;
    return [204];
  }

  favourite(article: Article, { user }: Call, wanted: boolean): Reply {
    if (user === undefined) return unauthorized;
    if (wanted) article.fans.add(user);
    else article.fans.delete(user);
    return [200, { article: this.shown(article, user) }];
  }

  comment(article: Article, { user, data: { comment = {} } }: Call): Reply {
    if (user === undefined) return unauthorized;
    if (!filled(comment.body)) return blank(["body"]);
    this.comments += 1;
    const added = { id: this.comments, author: user, body: comment.body, at: this.now };
    article.comments.push(added);
    return [200, { comment: this.note(added, user) }];
  }

  note({ id, author, body, at }: Comment, by: User | undefined): object {
    return { id, createdAt: at, updatedAt: at, body, author: this.profile(author, by) };
  }

  follow({ user, params }: Call, wanted: boolean): Reply {
    const other = this.users.get(params[0] ?? "");
    if (user === undefined) return unauthorized;
    if (other === undefined) return [404, { errors: { profile: ["not found"] } }];
    // Not in the specification: following a deleted author's article follows another user.
    if (other === user) return [422, { errors: { profile: ["is your own"] } }];
    if (wanted) user.follows.add(other.username);
    else user.follows.delete(other.username);
    return [200, { profile: this.profile(other, user) }];
  }
}

/** The subject of a request: first the article that its path names, if it names one. */
function routes(blog: Blog): [pattern: RegExp, handle: (call: Call) => Reply][] {
  const about =
    (handle: (article: Article, call: Call) => Reply) =>
    (call: Call): Reply => {
      const article = blog.articles.get(call.params[0] ?? "");
      return article === undefined ? missing : handle(article, call);
    };
  const guarded =
    (handle: (call: Call) => Reply) =>
    (call: Call): Reply =>
      call.user === undefined ? unauthorized : handle(call);
  const one = "/articles/([^/]+)";
  const on = (text: string): RegExp => new RegExp(`^${text}$`);
  return [
    [on("POST /users"), (call) => blog.register(call)],
    [on("POST /users/login"), (call) => blog.login(call)],
    [on("GET /user"), guarded(({ user }) => [200, user === undefined ? {} : blog.self(user)])],
    [
      on("GET /tags"),
      () => [200, { tags: [...new Set([...blog.articles.values()].flatMap(({ tagList }) => tagList))] }],
    ],
    [on("GET /articles"), (call) => blog.list(call)],
    [on("GET /articles/feed"), guarded(() => [200, { articles: [], articlesCount: 0 }])],
    [on("POST /articles"), (call) => blog.write(call)],
    [on(`GET ${one}`), about((article, { user }) => [200, { article: blog.shown(article, user) }])],
    [on(`DELETE ${one}`), guarded(about((article, call) => blog.remove(article, call)))],
    [on(`POST ${one}/favorite`), about((article, call) => blog.favourite(article, call, true))],
    [on(`DELETE ${one}/favorite`), about((article, call) => blog.favourite(article, call, false))],
    [
      on(`GET ${one}/comments`),
      about((article, { user }) => [
        200,
        { comments: article.comments.map((note) => blog.note(note, user)) },
      ]),
    ],
    [on(`POST ${one}/comments`), about((article, call) => blog.comment(article, call))],
    [
      on(`DELETE ${one}/comments/(\\d+)`),
      guarded(
        about((article, { params }) => {
          article.comments = article.comments.filter(({ id }) => String(id) !== params[1]);
          return [204];
        }),
      ),
    ],
    [on("POST /profiles/([^/]+)/follow"), (call) => blog.follow(call, true)],
    [on("DELETE /profiles/([^/]+)/follow"), (call) => blog.follow(call, false)],
    [
      on("GET /profiles/([^/]+)"),
      ({ user, params }) => {
        const other = blog.users.get(params[0] ?? "");
        return other === undefined
          ? [404, { errors: { profile: ["not found"] } }]
          : [200, { profile: blog.profile(other, user) }];
      },
    ],
  ];
}

async function dataOf(request: IncomingMessage): Promise<Call["data"] | undefined> {
  const raw = await bodyOf(request);
  try {
    return raw === "" ? {} : (JSON.parse(raw) as Call["data"]);
  } catch {
    return undefined;
  }
}

/** Opens the blog on a free loopback port. */
export async function startConduit(): Promise<Conduit> {
  const blog = new Blog();
  const table = routes(blog);
  const server = await listenOnLoopback(async (request, response) => {
    const data = await dataOf(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://blog.example");
    const [, token] = /^Token (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const user = [...blog.users.values()].find((one) => one.token === token);
    const called = `${request.method} ${pathname.replace(/^\/api/, "")}`;
    let reply: Reply = [404, { errors: { path: ["not found"] } }];
    for (const [pattern, handle] of table) {
      const match = pattern.exec(called);
      if (match === null) continue;
      reply =
        data === undefined
          ? [400, { errors: { body: ["is not JSON"] } }]
          : handle({ user, params: match.slice(1).map(decodeURIComponent), query: searchParams, data });
      break;
    }
    const [status, json] = reply;
    response.writeHead(
      status,
      json === undefined ? {} : { "content-type": "application/json; charset=utf-8" },
    );
    response.end(json === undefined ? undefined : JSON.stringify(json));
  });
  return {
    url: `${server.url}/api`,
    document: CONDUIT_DOCUMENT,
    close: server.close,
    deeds: () => {
      const articles = [...blog.articles.values()];
      return {
        users: blog.users.size - 1,
        articles: articles.length + blog.deleted - 3,
        comments: blog.comments,
        favourites: articles.reduce((sum, { fans }) => sum + fans.size, 0),
        follows: [...blog.users.values()].reduce((sum, { follows }) => sum + follows.size, 0),
        deleted: blog.deleted,
      };
    },
  };
}

/** An article's name in a path: two identical titles would share it. */
const slugOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
