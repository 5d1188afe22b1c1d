import type { ValueGenerator } from "@ape/core/config/generate";
import { hexOf, type Random, randomFrom, seedOf } from "@ape/core/lib/random";
import type { Row } from "../data/table.ts";

const GIVEN = (
  "Ada Amir Anna Ben Carla Chen Dana Deniz Elif Emil Femi Greta Hugo Ines Ivan Jana Jonas Kaito Kira Lars " +
  "Lena Luca Maja Mateo Mina Nadia Noah Olga Omar Paula Priya Quinn Rosa Sami Sofia Tariq Uma Viktor Yara Zoe"
).split(" ");
const FAMILY = (
  "Abe Adler Baker Bauer Castro Cohen Diaz Dubois Eriksen Farah Fischer Garcia Haddad Hansen Ito Jansen Kaya " +
  "Keller Khan Kowalski Larsen Lopez Mbeki Meyer Moreau Nguyen Novak Okafor Olsen Park Petrov Rossi Santos " +
  "Sato Schmidt Silva Singh Tanaka Weber Yilmaz"
).split(" ");
const DAY_MS = 86_400_000;

/** Identity of a session, which decides its generated values. */
export interface SessionId {
  seed: number;
  worker: number;
  number: number;
}

/**
 * Generates a session's columns. E-mail addresses, passwords, usernames and uuids derive from the run's seed, the worker and the
 * session's number, so that no two sessions of a run have the same; the others are drawn.
 */
export function generateRow(columns: Readonly<Record<string, ValueGenerator>>, sessionId: SessionId): Row {
  const { seed, worker, number } = sessionId;
  const random = randomFrom(seedOf("data", seed, worker, number));
  const row: Record<string, string> = {};
  for (const column in columns)
    row[column] = made(columns[column] as ValueGenerator, column, sessionId, random);
  return row;
}

function made(generator: ValueGenerator, column: string, sessionId: SessionId, random: Random): string {
  if (generator === "name") return `${pick(GIVEN, random)} ${pick(FAMILY, random)}`;
  if (generator === "username")
    return `u${hexOf(column, sessionId.seed, sessionId.worker, sessionId.number).slice(0, 15)}`;
  if (generator === "password")
    return passwordOf(hexOf(column, sessionId.seed, sessionId.worker, sessionId.number));
  if (generator === "uuid") return uuidOf(hexOf(column, sessionId.seed, sessionId.worker, sessionId.number));
  if (generator === "email") return emailOf(sessionId, column, "example.com");
  if ("email" in generator) return emailOf(sessionId, column, generator.email.domain);
  if ("choice" in generator) return String(pick(generator.choice, random));
  if ("date" in generator) {
    const from = Date.parse(generator.date.from);
    const days = Math.round((Date.parse(generator.date.to) - from) / DAY_MS) + 1;
    return new Date(from + Math.floor(random() * days) * DAY_MS).toISOString().slice(0, 10);
  }
  const { min, max, decimals } = generator.number;
  const scale = 10 ** decimals;
  const least = Math.ceil(min * scale);
  const most = Math.max(least, Math.floor(max * scale));
  return ((least + Math.floor(random() * (most - least + 1))) / scale).toFixed(decimals);
}

/** `u-<seed>-<worker>-<number>@domain` in base 36: unique by its form, whatever is drawn. */
function emailOf({ seed, worker, number }: SessionId, column: string, domain: string): string {
  const salt = (seedOf(column) % 1_296).toString(36);
  return `u${salt}-${seed.toString(36)}-${worker.toString(36)}-${number.toString(36)}@${domain}`;
}

/** A password that common rules accept: letters of both cases, digits and a sign. */
function passwordOf(hex: string): string {
  const letter = (at: number): string =>
    String.fromCharCode("a".charCodeAt(0) + (Number.parseInt(hex.slice(at, at + 2), 16) % 26));
  return `${letter(0).toUpperCase()}${letter(2)}${hex.slice(4, 16)}${Number.parseInt(hex[16] ?? "0", 16) % 10}!`;
}

/** A version 4 UUID from 32 hex digits (RFC 9562, section 5.4). */
function uuidOf(hex: string): string {
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)] as T;
}
