import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A REST API without an API document, which keeps whatever it is sent as a note. */
interface Notes {
  url: string;
  /** The texts of all notes. */
  notes(): readonly string[];
  close(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startNotes(): Promise<Notes> {
  const texts: string[] = [];
  const shown = (text: string, index: number) => ({ id: index + 1, text });
  const server = await listenOnLoopback(async (request, response) => {
    const body = await bodyOf(request);
    const answer = (status: number, json: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    };
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "GET" && pathname === "/") return answer(200, { notes: "/notes" });
    if (request.method === "GET" && pathname === "/notes") return answer(200, texts.map(shown));
    if (request.method === "POST" && pathname === "/notes") {
      const { text } = textOf(body);
      texts.push(typeof text === "string" ? text : "");
      return answer(201, shown(texts.at(-1) ?? "", texts.length - 1));
    }
    const id = Number(/^\/notes\/(\d+)$/.exec(pathname)?.[1] ?? Number.NaN);
    const text = texts[id - 1];
    return text === undefined ? answer(404, { error: "no such note" }) : answer(200, shown(text, id - 1));
  });
  return { ...server, notes: () => texts };
}

function textOf(body: string): { text?: unknown } {
  try {
    return JSON.parse(body) as { text?: unknown };
  } catch {
    return {};
  }
}
