import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readTables } from "@ape/core/protocol/list-table";
import { TABLE_MARK } from "@ape/core/protocol/view";
import { startShop } from "@ape/shop/shop";
import { ProjectFolder } from "../../test/e2e/ape.ts";
import { shopping } from "../../test/e2e/shopping.ts";
import { ROOMS_DOCUMENT, ROOMS_PASSWORD, startRooms } from "../../test/targets/rooms.ts";

const SESSIONS = 20;

interface Call {
  name: string;
  arguments: object;
}

/** Decides from the text of a prompt alone, as a model does; makes several calls if none needs another's answer. */
type Script = (prompt: string) => Call[];

const finish: Call[] = [{ name: "finish", arguments: { reason: "done" } }];

const TABLE = new RegExp(`^${TABLE_MARK.replaceAll(/[()]/g, "\\$&")}(.*)$`, "gm");

/** A prompt as a model understands it: rows under the names of their fields. */
const understood = (prompt: string): string =>
  prompt.replaceAll(TABLE, (_, table: string) => `body ${JSON.stringify(readTables(JSON.parse(table)))}`);

/** The first group of a pattern's last match. */
function last(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}

const buy: Script = (prompt) => {
  const did = (call: RegExp): boolean => call.test(prompt);
  if (!did(/POST \/login [^\n]*-> 200/))
    return [
      {
        name: "logIn",
        arguments: { data: { email: last(prompt, /\nemail: "([^"]+)"/g) ?? "", password: "{{password}}" } },
      },
      { name: "listProducts", arguments: { inStock: true } },
    ];
  if (did(/POST \/logout[^\n]*-> 2/)) return finish;
  if (did(/POST \/orders[^\n]*-> 201/)) return [{ name: "logOut", arguments: {} }];
  if (did(/POST \/cart\/items[^\n]*-> 201/)) return [{ name: "checkOut", arguments: {} }];
  for (const [, productId, price] of prompt.matchAll(
    /"productId":"([^"]+)"[^{}]*?"priceUsd":([\d.]+),"inStock":true/g,
  ))
    if (Number(price) < 50) return [{ name: "addToCart", arguments: { data: { productId, quantity: 1 } } }];
  const page = Number(last(prompt, /"page":(\d+)/g) ?? 0) + 1;
  return [{ name: "listProducts", arguments: { inStock: true, page } }];
};

/** The date of the Friday after the day that the prompt names as today. */
function nextFriday(prompt: string): string {
  const day = new Date(`${/Today is \w+, (\d{4}-\d\d-\d\d)/.exec(prompt)?.[1] ?? ""}T00:00:00Z`);
  do day.setUTCDate(day.getUTCDate() + 1);
  while (day.getUTCDay() !== 5);
  return day.toISOString().slice(0, 10);
}

const book: Script = (prompt) => {
  const did = (call: RegExp): boolean => call.test(prompt);
  const user = last(prompt, /\nuser: "([^"]+)"/g) ?? "";
  if (!did(/POST \/sessions [^\n]*-> 200/))
    return [
      { name: "logIn", arguments: { data: { user, password: "{{password}}" } } },
      { name: "listRooms", arguments: {} },
    ];
  if (did(/DELETE \/sessions\/current[^\n]*-> 204/)) return finish;
  if (did(/DELETE \/bookings\/[^\n]*-> 204/)) return [{ name: "logOut", arguments: {} }];
  if (!did(/POST \/bookings [^\n]*-> 201/)) {
    const roomId = last(prompt, /"roomId":"([^"]+)","name":"Maple 47"/g) ?? "unknown";
    return [{ name: "bookRoom", arguments: { data: { roomId, date: nextFriday(prompt), title: "Review" } } }];
  }
  if (!did(/PUT \/bookings\/[^\n]*-> 200/)) {
    const answer =
      /POST \/bookings [^\n]*-> 201[^\n]*\n(?:said [^\n]*\n)?(?:headers (\{[^\n]*\})\n)?body (\{[^\n]*\})/.exec(
        prompt,
      );
    const { etag = "" } = JSON.parse(answer?.[1] ?? "{}") as { etag?: string };
    const { bookingId = "" } = JSON.parse(answer?.[2] ?? "{}") as { bookingId?: string };
    return [
      {
        name: "changeBooking",
        arguments: { bookingId, headers: { "If-Match": etag }, data: { title: "Review with projector" } },
      },
    ];
  }
  const board = last(prompt, /"bookingId":"([^"]+)","title":"Board meeting"/g);
  if (board !== undefined) return [{ name: "cancelBooking", arguments: { bookingId: board } }];
  const cursor = last(prompt, /"nextCursor":"([^"]+)"/g);
  return [{ name: "listBookings", arguments: cursor === undefined ? {} : { cursor } }];
};

/** Serves a script over the wire of OpenAI, in the forms that models answer in: plain, with prose, with reasoning. */
async function serve(script: Script): Promise<{ url: string; close(): void }> {
  let count = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const calls = script(understood(messages.map(({ content }) => content).join("\n")));
      count += 1;
      const base = { id: `c${count}`, object: "chat.completion.chunk", created: 1, model: "strong" };
      const chunk = (delta: object, finish_reason: string | null = null): void => {
        response.write(
          `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
        );
      };
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (count % 3 === 0) chunk({ role: "assistant", reasoning_content: "Let me look at what I know." });
      if (count % 3 === 1) chunk({ role: "assistant", content: "I go on with the next part of the goal." });
      for (const [index, call] of calls.entries()) {
        const text = JSON.stringify(call.arguments);
        const half = Math.ceil(text.length / 2);
        const id = `call_${count}_${index}`;
        chunk({
          tool_calls: [{ index, id, type: "function", function: { name: call.name, arguments: "" } }],
        });
        for (const part of [text.slice(0, half), text.slice(half)])
          chunk({ tool_calls: [{ index, function: { arguments: part } }] });
      }
      chunk({}, "tool_calls");
      const usage = { prompt_tokens: Math.round(body.length / 4), completion_tokens: 40, total_tokens: 0 };
      response.end(`data: ${JSON.stringify({ ...base, choices: [], usage })}\n\ndata: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const LOAD = "{ agents: 4, thinkTime: { constant: 0ms } }";

/** Share of the sessions, in percent, in which a scripted strong model reaches its goal in the demo's shop. */
async function inShop(): Promise<{ ended: number; succeeded: number }> {
  const shop = await startShop({});
  const model = await serve(buy);
  const inference = `{ provider: custom, model: strong, baseUrl: "${model.url}" }`;
  const folder = await ProjectFolder.create(shopping(shop.url, { load: LOAD, inference }));
  try {
    return await folder.runSessions(SESSIONS);
  } finally {
    await folder.remove();
    model.close();
    await shop.close();
  }
}

/** The same with long lists, cursors, dates and conditional requests; by the target's own records. */
async function amongRooms(): Promise<{ ended: number; succeeded: number }> {
  const rooms = await startRooms();
  const model = await serve(book);
  const users = Array.from({ length: SESSIONS }, (_, index) => `user-${index}`);
  const folder = await ProjectFolder.create({
    "users.csv": `user,password\n${users.map((user) => `${user},${ROOMS_PASSWORD}`).join("\n")}\n`,
    "ape.config.yaml": `version: 1
targets:
  office: { baseUrl: "${rooms.url}", spec: ${JSON.stringify(ROOMS_DOCUMENT)} }
inference: { provider: custom, model: strong, baseUrl: "${model.url}" }
goals:
  - name: book
    prompt: >-
      Log in, book the room Maple 47 for next Friday as "Review", change the title of that booking to "Review with projector",
      find the booking with the title "Board meeting" and cancel it, log out.
    data: { file: ./users.csv, unique: true, secret: [password] }
    success:
      - action: { operation: POST /bookings, status: 201 }
      - action: { operation: "PUT /bookings/{bookingId}", status: 200 }
      - action: { operation: "DELETE /bookings/{bookingId}", status: 204 }
load: ${LOAD}
`,
  });
  try {
    const { ended } = await folder.runSessions(SESSIONS);
    const friday = nextFriday(`Today is Day, ${new Date().toISOString().slice(0, 10)}`);
    const succeeded = users.filter((user) => {
      const { booked, cancelled } = rooms.booksOf(user);
      const [only, other] = booked;
      return (
        other === undefined &&
        only?.roomId === rooms.roomId(rooms.wanted) &&
        only.date === friday &&
        only.title === "Review with projector" &&
        cancelled.length === 1 &&
        cancelled[0] === "Board meeting"
      );
    }).length;
    return { ended, succeeded };
  } finally {
    await folder.remove();
    model.close();
    await rooms.close();
  }
}

/** In how many sessions of both targets a scripted strong model reaches its goal. */
export async function measureStrongModel(): Promise<{ successPct: number; words: string }> {
  const shop = await inShop();
  const rooms = await amongRooms();
  const share = (100 * (shop.succeeded + rooms.succeeded)) / (shop.ended + rooms.ended);
  return {
    successPct: Math.round(share * 10) / 10,
    words: `shop ${shop.succeeded} of ${shop.ended}, rooms ${rooms.succeeded} of ${rooms.ended}`,
  };
}
