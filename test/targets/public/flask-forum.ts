import { freePort } from "@ape/engine/host/free-port";
import type { PublicApplication } from "./application.ts";
import { pythonPackages } from "./packages.ts";
import { startServer } from "./server-process.ts";

interface Books {
  users: Record<string, { new?: boolean }>;
  /** Signatures, each time that one was saved. */
  saved: string[];
  topics: { title: string; by: string; new?: boolean; replies: { text: string; by: string }[] }[];
}

const ACCOUNTS = Array.from(
  { length: 60 },
  (_, at) => `{ username: user${at + 1}, password: secret-${at + 1} }`,
);

/** A forum of Flask and Flask-WTF (`forum.py`). */
export const flaskForum: PublicApplication = {
  name: "flask-forum",
  async start() {
    const python = await pythonPackages("forum", ["Flask-WTF"]);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const folder = new URL(".", import.meta.url).pathname;
    const close = await startServer([python, "forum.py"], {
      cwd: folder,
      env: { PORT: String(port), PYTHONDONTWRITEBYTECODE: "1" },
      ready: `${url}/books`,
    });
    const books = async (): Promise<Books> => (await (await fetch(`${url}/books`)).json()) as Books;
    const accounts = `{ rows: [${ACCOUNTS.join(", ")}], unique: true, secret: [password] }`;
    return {
      target: `{ kind: web, baseUrl: "${url}", deny: ["* /books"] }`,
      close,
      goals: [
        {
          name: "topic-and-reply",
          prompt: 'Log in, open a new topic with the title "Tyres for winter", reply to it and log out.',
          data: accounts,
          success:
            '[{ action: { operation: "POST /topics/new", text: { contains: Tyres for winter } } }, { action: { operation: "POST /topics/{topic}", text: { contains: Your answer is posted }, after: POST /topics/new } }, { action: { operation: POST /logout, text: { contains: You are logged out }, after: "POST /topics/{topic}" } }]',
          confirmed: async () =>
            (await books()).topics.filter(
              ({ title, by, replies }) =>
                title === "Tyres for winter" && replies.some((reply) => reply.by === by),
            ).length,
        },
        {
          name: "register",
          prompt: "Create an account on the forum.",
          success: "[{ action: { operation: POST /register, text: { contains: Your account is ready } } }]",
          confirmed: async () => Object.values((await books()).users).filter((user) => user.new).length,
        },
        {
          name: "signature",
          prompt: 'Sign in, then change the signature in your profile to "Ride on".',
          data: accounts,
          success: "[{ action: { operation: POST /profile, text: { contains: Your profile is saved } } }]",
          confirmed: async () => (await books()).saved.filter((signature) => signature === "Ride on").length,
        },
      ],
    };
  },
};
