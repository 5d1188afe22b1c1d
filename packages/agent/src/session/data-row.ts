import { namesPassword } from "@ape/core/protocol/sign-in";

/** A session's row of data. */
export interface DataRow {
  values: Readonly<Record<string, string>>;
  /** Names of its secret columns. */
  secret: readonly string[];
  /** The targets that its secret columns may be sent to; every one if omitted. */
  secretFor?: readonly string[];
}

const USER = /user|log-?_?in|e-?_?mail|account|handle|member|ident/i;

/** The user and the password of a row: a password by its name, and the column that names who signs in, else the first other one. */
export function loginOf({ values, secret }: DataRow): { user: string; password: string } | undefined {
  const names = Object.keys(values);
  const password = names.find(namesPassword) ?? (secret.length === 1 ? secret[0] : undefined);
  const others = names.filter((name) => name !== password && !secret.includes(name));
  const user = others.find((name) => USER.test(name)) ?? others[0];
  if (password === undefined || user === undefined) return undefined;
  return { user: values[user] ?? "", password: values[password] ?? "" };
}
