import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, listenOnLoopback } from "./loopback.ts";

export interface Booking {
  bookingId: string;
  title: string;
  roomId: string;
  date: string;
}

/**
 * Rooms of an office: required values are beyond the first items of lists, after cursors, in headers and in today's
 * date.
 */
export interface Rooms {
  readonly url: string;
  /** Name of the room that a user is to book. */
  readonly wanted: string;
  roomId(name: string): string;
  /** What each user has booked, changed and cancelled. */
  booksOf(user: string): { booked: Booking[]; cancelled: string[] };
  close(): Promise<void>;
}

export const ROOMS_DOCUMENT = new URL("./rooms.yaml", import.meta.url).pathname;
export const ROOMS_PASSWORD = "open-sesame-4711";
const ROOMS = 60;
const PAGE = 8;
const BOOKINGS = 21;

/** Starts the server on a free loopback port. Each user has bookings of its own; the one titled "Board meeting" is on the last page. */
export async function startRooms(): Promise<Rooms> {
  const rooms = Array.from({ length: ROOMS }, (_, index) => ({
    roomId: randomUUID(),
    name: `Maple ${index + 1}`,
    seats: 4 + (index % 9),
  }));
  const users = new Map<string, string>();
  const bookings = new Map<string, (Booking & { version: string })[]>();
  const booked = new Map<string, Booking[]>();
  const cancelled = new Map<string, string[]>();
  const cursors = new Map<string, number>();
  const of = (user: string) => {
    let own = bookings.get(user);
    if (own === undefined) {
      own = Array.from({ length: BOOKINGS }, (_, index) => ({
        bookingId: randomUUID(),
        title: index === BOOKINGS - 2 ? "Board meeting" : `Meeting ${index + 1}`,
        roomId: rooms[index % ROOMS]?.roomId ?? "",
        date: "2031-05-05",
        version: randomUUID(),
      }));
      bookings.set(user, own);
    }
    return own;
  };
  const say = (response: ServerResponse, status: number, body?: object, etag?: string): void => {
    response.writeHead(status, {
      "content-type": "application/json",
      ...(etag === undefined ? {} : { etag: `"${etag}"` }),
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const show = (
    response: ServerResponse,
    status: number,
    { version, ...booking }: Booking & { version: string },
  ) => say(response, status, booking, version);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://office");
    const text = await bodyOf(request);
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, string>);
    const call = `${request.method} ${pathname.replace(/^\/bookings\/[^/]+$/, "/bookings/{id}")}`;
    if (call === "POST /sessions") {
      if (body.password !== ROOMS_PASSWORD || !body.user)
        return say(response, 401, { error: "The user or the password is wrong." });
      const token = randomUUID();
      users.set(token, body.user);
      return say(response, 200, { token });
    }
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const user = users.get(token);
    if (user === undefined) return say(response, 401, { error: "Log in first." });
    const own = of(user);
    const booking = own.find(({ bookingId }) => pathname === `/bookings/${bookingId}`);
    switch (call) {
      case "DELETE /sessions/current":
        users.delete(token);
        return say(response, 204);
      case "GET /rooms":
        return say(response, 200, { rooms });
      case "GET /bookings": {
        const cursor = searchParams.get("cursor");
        const from = cursor === null ? 0 : cursors.get(cursor);
        if (from === undefined) return say(response, 400, { error: "There is no such cursor." });
        const part = own.slice(from, from + PAGE).map(({ version: _, ...shown }) => shown);
        if (from + PAGE >= own.length) return say(response, 200, { bookings: part });
        // As long and opaque as those of real services.
        const nextCursor = Buffer.from(
          `${randomUUID()}:${randomUUID()}:${randomUUID()}:${from + PAGE}`,
        ).toString("base64url");
        cursors.set(nextCursor, from + PAGE);
        return say(response, 200, { bookings: part, nextCursor });
      }
      case "POST /bookings": {
        const problem = rooms.every(({ roomId }) => roomId !== body.roomId)
          ? "There is no such room."
          : !/^\d{4}-\d\d-\d\d$/.test(body.date ?? "")
            ? "The date must be written as YYYY-MM-DD."
            : !body.title
              ? "A booking needs a title."
              : undefined;
        if (problem !== undefined) return say(response, 422, { error: problem });
        const { roomId = "", date = "", title = "" } = body;
        const made = { bookingId: randomUUID(), title, roomId, date, version: randomUUID() };
        own.push(made);
        booked.set(user, [...(booked.get(user) ?? []), made]);
        return show(response, 201, made);
      }
    }
    if (booking === undefined) return say(response, 404, { error: "There is no such booking." });
    switch (call) {
      case "GET /bookings/{id}":
        return show(response, 200, booking);
      case "PUT /bookings/{id}": {
        const match = request.headers["if-match"];
        // RFC 6585, section 3; RFC 9110, section 13.1.1.
        if (match === undefined) return say(response, 428, { error: "If-Match must name the version." });
        if (match !== `"${booking.version}"`)
          return say(response, 412, { error: "The booking has another version by now." });
        booking.title = body.title ?? booking.title;
        booking.version = randomUUID();
        return show(response, 200, booking);
      }
      case "DELETE /bookings/{id}":
        own.splice(own.indexOf(booking), 1);
        cancelled.set(user, [...(cancelled.get(user) ?? []), booking.title]);
        return say(response, 204);
      default:
        return say(response, 405, { error: "That cannot be done with a booking." });
    }
  };
  const { url, close } = await listenOnLoopback((request, response) => {
    serve(request, response).catch(() => say(response, 400, { error: "The request cannot be read." }));
  });
  return {
    url,
    wanted: "Maple 47",
    roomId: (name) => rooms.find((room) => room.name === name)?.roomId ?? "",
    booksOf: (user) => ({ booked: booked.get(user) ?? [], cancelled: cancelled.get(user) ?? [] }),
    close,
  };
}
