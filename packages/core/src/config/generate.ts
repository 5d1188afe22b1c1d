import { z } from "zod";

const isoDate = z.iso.date("a date such as 2026-01-31 is expected");

/** How the value of one column is made, again for every session. */
const generator = z.union([
  z.enum(["email", "name", "password", "username", "uuid"]),
  z.strictObject({
    email: z.strictObject({
      domain: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,200}$/i, "a domain is expected")
        .describe("Default: example.com, which nobody can own (RFC 2606)."),
    }),
  }),
  z.strictObject({
    number: z
      .strictObject({
        min: z.number(),
        max: z.number(),
        decimals: z.int().min(0).max(10).default(0),
      })
      .refine(({ min, max }) => max >= min, "max must not be below min"),
  }),
  z.strictObject({
    date: z
      .strictObject({ from: isoDate, to: isoDate })
      .refine(({ from, to }) => to >= from, "to must not be before from"),
  }),
  z.strictObject({
    choice: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  }),
]);
export type ValueGenerator = z.output<typeof generator>;

export const generateSchema = z
  .record(z.string().regex(/^[\w.-]{1,60}$/, "a column's name is expected"), generator)
  .refine((columns) => Object.keys(columns).length > 0, "name at least one column")
  .describe(
    "Columns made for each session: `email`, `name`, `password` (16 characters: letters of both cases, digits, a `!`), `username`, `uuid`, `{ email: { domain } }`, `{ number: { min, max, decimals } }`, `{ date: { from, to } }`, `{ choice: [...] }`. Seeded; e-mail, password, username and uuid are unique over all workers of a run. Name a password in `secret`, too, so that models, events and reports do not see it.",
  );
