import { pick, scramble } from "./seeded.ts";

/** What a customer types to log in. */
export interface Credentials {
  email: string;
  password: string;
}

const GIVEN = [
  "ada",
  "bela",
  "chidi",
  "dara",
  "edith",
  "farid",
  "greta",
  "hiro",
  "ines",
  "jonas",
  "kaya",
  "lena",
];
const FAMILY = [
  "abbott",
  "bauer",
  "castro",
  "dubois",
  "eriksen",
  "fonseca",
  "gruber",
  "haddad",
  "ito",
  "jansen",
];
const STUFF = [
  "copper",
  "linen",
  "walnut",
  "slate",
  "amber",
  "cedar",
  "velvet",
  "marble",
  "cotton",
  "silver",
];
const THING = [
  "lantern",
  "teapot",
  "anchor",
  "ladder",
  "compass",
  "kettle",
  "saddle",
  "whistle",
  "barrel",
  "thimble",
];

/** The credentials of the account with this index: they depend on seed and index only, never on how many there are. */
export function credentialsAt(index: number, seed: number): Credentials {
  const given = pick(GIVEN, seed, index, 1, 1);
  const family = pick(FAMILY, seed, index, 1, 2);
  const digits = String(1000 + (scramble(seed, index, 1, 5) % 9000));
  return {
    email: `${given}.${family}.${String(index + 1).padStart(4, "0")}@shop.example`,
    password: `${pick(STUFF, seed, index, 1, 3)}-${pick(THING, seed, index, 1, 4)}-${digits}`,
  };
}

/** The accounts as the data file of a load test: a header line, one account a line. No value needs quoting. */
export function accountsCsv(count: number, seed: number): string {
  const lines = ["email,password"];
  for (let index = 0; index < count; index += 1) {
    const { email, password } = credentialsAt(index, seed);
    lines.push(`${email},${password}`);
  }
  return `${lines.join("\n")}\n`;
}
