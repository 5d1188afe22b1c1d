import type { Json } from "@ape/core/lib/json";
import { type Fake, fake, field, operation, reply } from "./fake.ts";
import type { FakeAnswer } from "./session.ts";

/** What was done at the help desk. */
export interface DeskBooks {
  comments: { ticket: string; text: Json; visible: Json }[];
  closed: { ticket: string; reason: Json }[];
  opened: number;
}

/** A help desk: bare lists, paging by link header, nested bodies, a PATCH. No trade in it. */
export function helpDesk(): Fake & { books: DeskBooks } {
  const books: DeskBooks = { comments: [], closed: [], opened: 0 };
  const tickets = Array.from({ length: 9 }, (_, index) => ({
    key: `T-${index}`,
    title: `Printer ${index} is on fire`,
    urgency: index < 4 ? 2 : 1 + (index % 5),
    state: "open",
  }));
  let inside = false;
  const guarded = (answer: () => FakeAnswer): FakeAnswer =>
    inside ? answer() : reply(401, { error: "who are you?" });
  const ticketFields = (prefix: string) => [
    field("answer", `${prefix}key`, "string", "Key of the ticket"),
    field("answer", `${prefix}title`, "string", "What is wrong, in one line"),
    field("answer", `${prefix}urgency`, "integer", "Urgency of the ticket from 1 to 5"),
    field("answer", `${prefix}state`, "string", "State of the ticket", { enum: ["open", "closed"] }),
  ];
  const operations = [
    operation("POST /session", "Start a session", [
      field("body", "agent", "object!", "Who signs in"),
      field("body", "agent.name", "string!", "User name of the agent"),
      field("body", "agent.secret", "string!", "Passphrase of the agent"),
    ]),
    operation("DELETE /session*", "End the session", []),
    operation("GET /people*", "List the people who report tickets", [
      field("answer", "[].key", "string", "Key of the person"),
      field("answer", "[].name", "string", "Name of the person"),
    ]),
    operation("GET /tickets*", "List tickets", [
      field("query", "after", "string", "Where the list goes on"),
      ...ticketFields("[]."),
    ]),
    operation("POST /tickets*", "Open a new ticket", [
      field("body", "title", "string!", "What is wrong, in one line"),
    ]),
    operation("GET /tickets/{key}*", "Show a ticket", [
      field("path", "key", "string!", "Key of the ticket"),
      ...ticketFields(""),
    ]),
    operation("POST /tickets/{key}/notes*", "Comment on a ticket", [
      field("path", "key", "string!", "Key of the ticket"),
      field("body", "note", "object!", "The comment"),
      field("body", "note.text", "string!", "Text of the comment"),
      field("body", "note.visibility", "string!", "Who may read the comment", {
        enum: ["everybody", "staff"],
      }),
    ]),
    operation("PATCH /tickets/{key}*", "Close a ticket", [
      field("path", "key", "string!", "Key of the ticket to close"),
      field("body", "reason", "string!", "Reason for closing it", { example: "solved" }),
    ]),
  ];
  const { api, answer } = fake("desk", operations, {
    "POST /session": ({ data }): FakeAnswer => {
      if (JSON.stringify(data) !== '{"agent":{"name":"kim","secret":"open sesame"}}')
        return reply(401, { error: "no" });
      inside = true;
      return { status: 204 };
    },
    "DELETE /session": () =>
      guarded(() => {
        inside = false;
        return { status: 204 };
      }),
    "GET /people": () => guarded(() => reply(200, [{ key: "P-1", name: "Ann" }])),
    "GET /tickets": ({ query }) =>
      guarded(() => {
        const from = Number(query.after ?? 0);
        const answer = reply(200, tickets.slice(from, from + 3));
        if (from + 3 < tickets.length) answer.headers = { link: `</tickets?after=${from + 3}>; rel="next"` };
        return answer;
      }),
    "POST /tickets": () => {
      books.opened += 1;
      return reply(201, {});
    },
    "GET /tickets/{key}": ({ params }) =>
      guarded(() => reply(200, tickets.find(({ key }) => key === params.key) ?? {})),
    "POST /tickets/{key}/notes": ({ params, data }) =>
      guarded(() => {
        const note = data.note as { text?: Json; visibility?: Json };
        if (note.visibility === "everybody")
          return reply(422, {
            error: "invalid",
            issues: [{ path: "note.visibility", message: "must be staff for this ticket" }],
          });
        books.comments.push({
          ticket: params.key ?? "",
          text: note.text ?? null,
          visible: note.visibility ?? null,
        });
        return reply(201, {});
      }),
    "PATCH /tickets/{key}": ({ params, data }) =>
      guarded(() => {
        books.closed.push({ ticket: params.key ?? "", reason: data.reason ?? null });
        return reply(200, {});
      }),
  });
  return { api, answer, books };
}
