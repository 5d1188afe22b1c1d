import { addressOf, apiCall } from "./address.ts";
import type { PublicApplication } from "./application.ts";

const ACCOUNTS = Array.from({ length: 60 }, (_, at) => ({
  email: `writer${at + 1}@example.com`,
  password: `secret-${at + 1}-writer`,
}));

/** The FastAPI full-stack template: accounts and their items. `ADMIN` are the superuser's name and password in its example. */
const ADMIN = { username: "admin@example.com", password: "changethis" };

export const fastapiTemplate: PublicApplication = {
  name: "fastapi-template",
  async start() {
    const url = addressOf("APE_FASTAPI_TEMPLATE", "github.com/fastapi/full-stack-fastapi-template");
    const api = `${url}/api/v1`;
    const login = await fetch(`${api}/login/access-token`, {
      method: "POST",
      body: new URLSearchParams(ADMIN),
    });
    const { access_token } = (await login.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${access_token}` };
    // An account of an earlier run is refused, and is used again.
    for (const account of ACCOUNTS) await apiCall(`${api}/users/signup`, account).catch(() => undefined);
    const all = async <T>(path: string): Promise<T[]> =>
      (await apiCall<{ data: T[] }>(`${api}/${path}?limit=100000`, undefined, headers)).data;
    const rows = ACCOUNTS.map(({ email, password }) => `{ username: ${email}, password: ${password} }`);
    return {
      target: `{ kind: rest, baseUrl: "${url}", spec: "${api}/openapi.json", timeouts: { firstByte: 60s, total: 60s } }`,
      close: async () => undefined,
      goals: [
        {
          name: "item",
          prompt: 'Log in, create an item and change the title of the item to "Bread and butter".',
          data: `{ rows: [${rows.join(", ")}], unique: true, secret: [password] }`,
          success:
            '[{ action: { operation: POST /api/v1/items/, capture: { id: $.id } } }, { probe: { operation: "GET /api/v1/items/{id}", after: "PUT /api/v1/items/{id}", expect: { body: { $.title: Bread and butter } } } }]',
          confirmed: async () =>
            (await all<{ title: string }>("items/")).filter(({ title }) => title === "Bread and butter")
              .length,
        },
        {
          name: "sign-up",
          prompt: 'Sign up, log in and change your full name to "Ann Field".',
          data: "{ generate: { email: email, password: password }, secret: [password] }",
          success:
            "[{ action: { operation: POST /api/v1/users/signup } }, { probe: { operation: GET /api/v1/users/me, after: PATCH /api/v1/users/me, expect: { body: { $.full_name: Ann Field } } } }]",
          confirmed: async () =>
            (await all<{ full_name: string | null }>("users/")).filter(
              ({ full_name }) => full_name === "Ann Field",
            ).length,
        },
      ],
    };
  },
};
