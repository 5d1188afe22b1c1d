/** JSON schemas and operations of a blog with articles, comments, favourites and followed people, after the public RealWorld specification. */

const text = { type: "string" };
const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: "object",
  required,
  properties,
});
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const body = (schema: unknown) => ({ requestBody: { required: true, ...json(schema) } });
const path = (name: string, description: string) => ({
  name,
  in: "path",
  required: true,
  description,
  schema: text,
});
const query = (name: string, description: string, schema: unknown = text) => ({
  name,
  in: "query",
  required: false,
  description,
  schema,
});
const refused = {
  "401": { description: "Unauthorized" },
  "422": { description: "Unexpected error", ...json(ref("GenericErrorModel")) },
};
const ok = (schema: unknown, status = "200") => ({
  responses: { [status]: { description: "OK", ...json(schema) }, ...refused },
});
const secured = { security: [{ Token: [] }] };
const SLUG = path("slug", "Slug of the article.");
const NAME = path("username", "Username of the profile.");
const PAGE = [
  query("offset", "The number of items to skip before starting to collect the result set.", {
    type: "integer",
    minimum: 0,
  }),
  query("limit", "The numbers of items to return.", { type: "integer", minimum: 1, default: 20 }),
];

const article = {
  slug: text,
  title: text,
  description: text,
  body: text,
  tagList: { type: "array", items: text },
  createdAt: { ...text, format: "date-time" },
  updatedAt: { ...text, format: "date-time" },
  favorited: { type: "boolean" },
  favoritesCount: { type: "integer" },
  author: ref("Profile"),
};

/** The document of an implementation that answers below `/api`. */
export const CONDUIT_DOCUMENT: Record<string, unknown> = {
  openapi: "3.0.1",
  info: { title: "Conduit API", version: "1.0.0" },
  servers: [{ url: "/api" }],
  tags: [],
  paths: {
    "/users/login": {
      post: {
        summary: "Existing user login",
        description: "Login for existing user",
        operationId: "Login",
        ...body(object({ user: ref("LoginUser") })),
        ...ok(object({ user: ref("User") })),
      },
    },
    "/users": {
      post: {
        summary: "Register a new user",
        description: "Register a new user",
        operationId: "CreateUser",
        ...body(object({ user: ref("NewUser") })),
        ...ok(object({ user: ref("User") }), "201"),
      },
    },
    "/user": {
      get: {
        summary: "Get current user",
        description: "Gets the currently logged-in user",
        ...secured,
        ...ok(object({ user: ref("User") })),
      },
      put: {
        summary: "Update current user",
        description: "Updated user information for current user",
        ...secured,
        ...body(object({ user: ref("UpdateUser") })),
        ...ok(object({ user: ref("User") })),
      },
    },
    "/profiles/{username}": {
      get: {
        summary: "Get a profile",
        description: "Get a profile of a user of the system. Auth is optional",
        parameters: [NAME],
        ...ok(object({ profile: ref("Profile") })),
      },
    },
    "/profiles/{username}/follow": {
      post: {
        summary: "Follow a user",
        description: "Follow a user by username",
        parameters: [NAME],
        ...secured,
        ...ok(object({ profile: ref("Profile") })),
      },
      delete: {
        summary: "Unfollow a user",
        description: "Unfollow a user by username",
        parameters: [NAME],
        ...secured,
        ...ok(object({ profile: ref("Profile") })),
      },
    },
    "/articles/feed": {
      get: {
        summary: "Get recent articles from users you follow",
        description:
          "Get most recent articles from users you follow. Use query parameters to limit. Auth is required",
        parameters: PAGE,
        ...secured,
        ...ok(ref("Articles")),
      },
    },
    "/articles": {
      get: {
        summary: "Get recent articles globally",
        description:
          "Get most recent articles globally. Use query parameters to filter results. Auth is optional",
        parameters: [
          query("tag", "Filter by tag"),
          query("author", "Filter by author (username)"),
          query("favorited", "Filter by favorites of a user (username)"),
          ...PAGE,
        ],
        ...ok(ref("Articles")),
      },
      post: {
        summary: "Create an article",
        description: "Create an article. Auth is required",
        ...secured,
        ...body(object({ article: ref("NewArticle") })),
        ...ok(object({ article: ref("Article") }), "201"),
      },
    },
    "/articles/{slug}": {
      get: {
        summary: "Get an article",
        description: "Get an article. Auth not required",
        parameters: [SLUG],
        ...ok(object({ article: ref("Article") })),
      },
      put: {
        summary: "Update an article",
        description: "Update an article. Auth is required",
        parameters: [SLUG],
        ...secured,
        ...body(object({ article: ref("UpdateArticle") })),
        ...ok(object({ article: ref("Article") })),
      },
      delete: {
        summary: "Delete an article",
        description: "Delete an article. Auth is required",
        parameters: [SLUG],
        ...secured,
        responses: { "200": { description: "No content" }, ...refused },
      },
    },
    "/articles/{slug}/comments": {
      get: {
        summary: "Get comments for an article",
        description: "Get the comments for an article. Auth is optional",
        parameters: [SLUG],
        ...ok(object({ comments: { type: "array", items: ref("Comment") } })),
      },
      post: {
        summary: "Create a comment for an article",
        description: "Create a comment for an article. Auth is required",
        parameters: [SLUG],
        ...secured,
        ...body(object({ comment: ref("NewComment") })),
        ...ok(object({ comment: ref("Comment") })),
      },
    },
    "/articles/{slug}/comments/{id}": {
      delete: {
        summary: "Delete a comment for an article",
        description: "Delete a comment for an article. Auth is required",
        parameters: [
          SLUG,
          {
            name: "id",
            in: "path",
            required: true,
            description: "ID of the comment.",
            schema: { type: "integer" },
          },
        ],
        ...secured,
        responses: { "200": { description: "No content" }, ...refused },
      },
    },
    "/articles/{slug}/favorite": {
      post: {
        summary: "Favorite an article",
        description: "Favorite an article. Auth is required",
        parameters: [SLUG],
        ...secured,
        ...ok(object({ article: ref("Article") })),
      },
      delete: {
        summary: "Unfavorite an article",
        description: "Unfavorite an article. Auth is required",
        parameters: [SLUG],
        ...secured,
        ...ok(object({ article: ref("Article") })),
      },
    },
    "/tags": {
      get: {
        summary: "Get tags",
        description: "Get tags. Auth not required",
        ...ok(object({ tags: { type: "array", items: text } })),
      },
    },
  },
  components: {
    securitySchemes: {
      Token: {
        type: "apiKey",
        in: "header",
        name: "Authorization",
        description:
          "A JWT that registering or logging in answers. It is passed in the 'Authorization' header in this format:\n\n    Token xxxxxx.yyyyyyy.zzzzzz\n",
      },
    },
    schemas: {
      LoginUser: object({ email: text, password: { ...text, format: "password" } }),
      NewUser: object({ username: text, email: text, password: { ...text, format: "password" } }),
      UpdateUser: object({ email: text, username: text, bio: text, image: text }, []),
      User: object({ email: text, token: text, username: text, bio: text, image: text }),
      Profile: object({ username: text, bio: text, image: text, following: { type: "boolean" } }),
      Article: object(article),
      Articles: object({
        articles: { type: "array", items: ref("Article") },
        articlesCount: { type: "integer" },
      }),
      NewArticle: object(
        { title: text, description: text, body: text, tagList: { type: "array", items: text } },
        ["title", "description", "body"],
      ),
      UpdateArticle: object({ title: text, description: text, body: text }, []),
      Comment: object({
        id: { type: "integer" },
        createdAt: { ...text, format: "date-time" },
        updatedAt: { ...text, format: "date-time" },
        body: text,
        author: ref("Profile"),
      }),
      NewComment: object({ body: text }),
      GenericErrorModel: object({ errors: object({ body: { type: "array", items: text } }) }),
    },
  },
};
