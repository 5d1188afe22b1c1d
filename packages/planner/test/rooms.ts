import type { Json } from "@ape/core/lib/json";
import { type Fake, fake, field, operation, reply } from "./fake.ts";
import type { FakeAnswer } from "./session.ts";

/** What was done at the guest house. */
export interface RoomBooks {
  signedIn: number;
  signedOut: number;
  held: { room: number; guests: Json; from: Json; nights: Json; meal: Json }[];
  confirmed: number[];
}

type Disturb = Parameters<typeof fake>[3];

/** Nightly prices: the ones below 80 come on the third page. */
const ROOMS = Array.from({ length: 12 }, (_, index) => ({
  roomNo: 100 + index,
  beds: 1 + (index % 3),
  nightly: index < 8 ? 90 + index * 5 : 60 + index,
  vacant: index !== 8,
}));

/** A guest house: cursor paging, a key in a header, a booking that is confirmed afterwards. */
export function guestHouse(disturb?: Disturb): Fake & { books: RoomBooks } {
  const books: RoomBooks = { signedIn: 0, signedOut: 0, held: [], confirmed: [] };
  let open = false;
  const guarded = (answer: () => FakeAnswer): FakeAnswer =>
    open ? answer() : reply(401, { problem: "Come in first." });
  const operations = [
    operation("POST /entries", "Come in: sign in with card and code", [
      field("body", "card", "string!", "Number printed on the guest's card", { example: "C-000" }),
      field("body", "code", "string!", "Secret PIN of the guest"),
      field("answer", "visit", "integer", "Number of this visit, needed to sign out"),
      field("answer", "pass", "string", "Key for the header of later calls"),
    ]),
    operation("DELETE /entries/{visit}*", "Sign out and end the visit", [
      field("path", "visit", "integer!", "Number of the visit as given when signing in"),
    ]),
    operation("GET /rooms*", "Browse the rooms", [
      field("query", "start", "string", "Cursor: where to continue the list, as the last answer told"),
      field("query", "count", "integer", "How many rooms to list at a time", {
        example: 4,
        minimum: 1,
        maximum: 10,
      }),
      field("answer", "rooms[].roomNo", "integer", "Number of the room"),
      field("answer", "rooms[].beds", "integer", "How many beds it has"),
      field("answer", "rooms[].nightly", "number", "Price of one night in euros"),
      field("answer", "rooms[].vacant", "boolean", "Whether the room can be booked"),
      field("answer", "onward", "string", "Cursor for the rooms that follow, empty at the end"),
    ]),
    operation("POST /stays*", "Book a room", [
      field("body", "room", "integer!", "Number of the room to book"),
      field("body", "guests", "integer!", "How many guests will stay", { minimum: 1, maximum: 4 }),
      field("body", "from", "string!", "Day of arrival", { format: "date", example: "2024-05-01" }),
      field("body", "nights", "integer!", "How many nights to stay", { minimum: 1, maximum: 30, example: 2 }),
      field("body", "meal", "string!", "Meals that go with the room", {
        enum: ["none", "breakfast", "dinner"],
      }),
      field("answer", "stayNo", "integer", "Number of the booking"),
      field("answer", "state", "string", "How far the booking is", { enum: ["held", "firm"] }),
    ]),
    operation("PUT /stays/{stayNo}/firm*", "Confirm a booking", [
      field("path", "stayNo", "integer!", "Number of the booking that is to be confirmed"),
      field("answer", "state", "string", "How far the booking is"),
    ]),
  ];
  const { api, answer } = fake(
    "house",
    operations,
    {
      "POST /entries": ({ data }): FakeAnswer => {
        if (data.card !== "C-117" || data.code !== "4711") return reply(403, { problem: "Unknown guest." });
        open = true;
        books.signedIn += 1;
        return reply(201, { visit: 7000 + books.signedIn, pass: "p" });
      },
      "DELETE /entries/{visit}": ({ params }): FakeAnswer =>
        guarded(() => {
          if (params.visit !== String(7000 + books.signedIn))
            return reply(404, { problem: "No such visit." });
          books.signedOut += 1;
          open = false;
          return { status: 204 };
        }),
      "GET /rooms": ({ query }): FakeAnswer =>
        guarded(() => {
          const start = query.start === undefined ? 0 : Number(query.start.slice(1));
          const end = start + Number(query.count ?? 4);
          return reply(200, {
            rooms: ROOMS.slice(start, end),
            onward: end < ROOMS.length ? `@${end}` : null,
          });
        }),
      "POST /stays": ({ data }): FakeAnswer =>
        guarded(() => {
          const room = ROOMS.find(({ roomNo }) => roomNo === data.room);
          if (room === undefined) return reply(404, { problem: "No such room." });
          if (!room.vacant) return reply(409, { problem: "This room is taken." });
          if (typeof data.nights !== "number" || data.nights > 5)
            return reply(422, { errors: [{ field: "nights", problem: "must be at most 5" }] });
          books.held.push({
            room: room.roomNo,
            guests: data.guests ?? null,
            from: data.from ?? null,
            nights: data.nights,
            meal: data.meal ?? null,
          });
          return reply(201, { stayNo: 500 + books.held.length, state: "held" });
        }),
      "PUT /stays/{stayNo}/firm": ({ params }): FakeAnswer =>
        guarded(() => {
          const at = Number(params.stayNo) - 501;
          if (books.held[at] === undefined) return reply(404, { problem: "No such booking." });
          books.confirmed.push(at);
          return reply(200, { state: "firm" });
        }),
    },
    disturb,
    [{ type: "header", name: "X-Pass" }],
  );
  return { api, answer, books };
}
