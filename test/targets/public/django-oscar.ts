import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@ape/engine/host/free-port";
import type { PublicApplication } from "./application.ts";
import { cacheFolder, pythonPackages } from "./packages.ts";
import { startServer } from "./server-process.ts";

interface Books {
  orders: string[];
  reviews: { title: string; score: number }[];
  baskets: number;
}

const SOURCES = join(import.meta.dirname, "oscar");
const ACCOUNTS = Array.from(
  { length: 60 },
  (_, at) => `{ email: reader${at + 1}@example.com, password: secret-${at + 1}-reader }`,
);

/** A folder with a filled database and its search index, made once. */
async function filledShop(python: string): Promise<string> {
  const folder = join(await cacheFolder("oscar"), "shop");
  if (existsSync(folder)) return folder;
  const half = await mkdtemp(join(tmpdir(), "ape-oscar-"));
  await promisify(execFile)(python, [join(SOURCES, "fill.py")], {
    env: { PATH: process.env.PATH, OSCAR_FOLDER: half, PYTHONDONTWRITEBYTECODE: "1" },
  });
  await cp(half, folder, { recursive: true });
  await rm(half, { recursive: true, force: true });
  return folder;
}

/** A shop of django-oscar, with accounts and 15 books. */
export const djangoOscar: PublicApplication = {
  name: "django-oscar",
  async start() {
    const python = await pythonPackages("oscar", ["django-oscar[sorl-thumbnail]", "whoosh"]);
    const folder = await mkdtemp(join(tmpdir(), "ape-public-oscar-"));
    await cp(await filledShop(python), folder, { recursive: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const stop = await startServer(
      [python, "-m", "django", "runserver", "--noreload", "--insecure", `127.0.0.1:${port}`],
      {
        cwd: folder,
        env: {
          OSCAR_FOLDER: folder,
          DJANGO_SETTINGS_MODULE: "settings",
          PYTHONPATH: SOURCES,
          PYTHONDONTWRITEBYTECODE: "1",
        },
        ready: `${url}/books`,
      },
    );
    const books = async (): Promise<Books> => (await (await fetch(`${url}/books`)).json()) as Books;
    const accounts = `{ rows: [${ACCOUNTS.join(", ")}], unique: true, secret: [password] }`;
    const address =
      "first_name: Ann, last_name: Reader, line1: 7 Mill Lane, line4: Oxford, postcode: OX1 2JD, country: United Kingdom";
    const buyers = ACCOUNTS.map((row) => row.replace(" }", `, ${address} }`));
    return {
      target: `{ kind: web, baseUrl: "${url}", deny: ["* /books", "* /dashboard/**"], timeouts: { firstByte: 60s, total: 60s } }`,
      async close() {
        await stop();
        await rm(folder, { recursive: true, force: true });
      },
      goals: [
        {
          name: "basket",
          prompt: "Find a book under £20 and add it to the basket.",
          success: `[{ action: { operation: "POST /basket/add/{product}/", text: { contains: has been added to your basket } } }]`,
          confirmed: async () => (await books()).baskets,
        },
        {
          name: "order",
          prompt: "Log in, add a book to your basket and place an order.",
          data: `{ rows: [${buyers.join(", ")}], unique: true, secret: [password] }`,
          success: `[{ action: { operation: "POST /checkout/preview/", text: { contains: Your order has been placed } } }]`,
          confirmed: async () => (await books()).orders.length,
        },
        {
          name: "review",
          prompt: 'Log in, find a book and write a review of it with the title "Well worth it" and 4 stars.',
          data: accounts,
          success: `[{ action: { operation: "POST /catalogue/{product}/reviews/add/", text: { contains: Thank you for reviewing } } }]`,
          confirmed: async () =>
            (await books()).reviews.filter(({ title, score }) => title === "Well worth it" && score === 4)
              .length,
        },
      ],
    };
  },
};
