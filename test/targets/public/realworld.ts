import { addressOf, apiCall } from "./address.ts";
import type { PublicApplication } from "./application.ts";

interface Article {
  slug: string;
  favoritesCount: number;
  author: { username: string };
}

/** RealWorld (Conduit): articles, comments, favorites. Its document is where `APE_REALWORLD_SPEC` says. */
export const realWorld: PublicApplication = {
  name: "realworld",
  async start() {
    const source = "an implementation of github.com/gothinkster/realworld";
    const url = addressOf("APE_REALWORLD", source);
    const spec = addressOf("APE_REALWORLD_SPEC", source);
    const author = `author${Date.now()}`;
    const { user } = await apiCall<{ user: { token: string } }>(`${url}/users`, {
      user: { username: author, email: `${author}@example.com`, password: "secret-author" },
    });
    const headers = { authorization: `Token ${user.token}` };
    for (let number = 1; number <= 5; number += 1)
      await apiCall(
        `${url}/articles`,
        {
          article: {
            title: `${author} ${number}`,
            description: "To read",
            body: "Text",
            tagList: ["reading"],
          },
        },
        headers,
      );
    const articles = async (): Promise<Article[]> =>
      (await apiCall<{ articles: Article[] }>(`${url}/articles?limit=100000`, undefined, headers)).articles;
    const commented = async (): Promise<number> => {
      let found = 0;
      for (const { slug, author: by } of await articles()) {
        if (by.username === author) continue;
        const { comments } = await apiCall<{ comments: unknown[] }>(
          `${url}/articles/${slug}/comments`,
          undefined,
          headers,
        );
        if (comments.length > 0) found += 1;
      }
      return found;
    };
    const people =
      "{ generate: { username: username, email: email, password: password }, secret: [password] }";
    return {
      target: `{ kind: rest, baseUrl: "${url}", spec: "${spec}" }`,
      close: async () => undefined,
      goals: [
        {
          name: "article-and-comment",
          prompt: "Register, write an article and comment on it.",
          data: people,
          success:
            '[{ action: { operation: POST /users } }, { action: { operation: POST /articles, capture: { slug: $.article.slug } } }, { probe: { operation: "GET /articles/{slug}/comments", after: "POST /articles/{slug}/comments", expect: { body: { "$.comments[0].id": { exists: true } } } } }]',
          confirmed: commented,
        },
        {
          name: "favorite",
          prompt: "Register, find an article and favorite it.",
          data: people,
          success:
            '[{ action: { operation: POST /users } }, { action: { operation: "POST /articles/{slug}/favorite", body: { $.article.favorited: true } } }]',
          confirmed: async () =>
            (await articles()).reduce((sum, { favoritesCount }) => sum + favoritesCount, 0),
        },
      ],
    };
  },
};
