import { expect, test } from "vitest";
import { SecretMasker } from "../mask.ts";
import { secretForms } from "./secret-forms.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const printable = (text: string): string =>
  [...bytes(text)]
    .map((byte) =>
      byte === 61 || byte > 126 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte),
    )
    .join("");

const RESPELLINGS: Record<string, (secret: string) => string> = {
  NFD: (secret) => secret.normalize("NFD"),
  NFC: (secret) => secret.normalize("NFC"),
  "UTF-8 as Latin-1": (secret) => bytes(secret).toString("latin1"),
  "UTF-8 as Windows-1252": (secret) => new TextDecoder("windows-1252").decode(bytes(secret)),
  SQL: (secret) => `INSERT INTO t VALUES ('${secret.replaceAll("'", "''")}')`,
  CSV: (secret) => `a,"${secret.replaceAll('"', '""')}",b`,
  "shell, quoted": (secret) => `curl -u '${secret.replaceAll("'", "'\\''")}'`,
  "shell, double quotes": (secret) => `"${secret.replaceAll(/[$`"\\]/g, "\\$&")}"`,
  "shell, escaped": (secret) => secret.replaceAll(/[^\w@%+=:,./-]/gu, "\\$&"),
  "upper case": (secret) => `DENIED: ${secret.toUpperCase()}`,
  "lower case": (secret) => `denied: ${secret.toLowerCase()}`,
  "quoted-printable": printable,
  "base64 of base64": (secret) => btoa(bytes(secret).toString("base64")),
  "base64 in lines": (secret) => bytes(secret).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
  "PEM lines": (secret) => bytes(secret).toString("base64").replaceAll(/.{64}/g, "$&\n"),
};

const SECRETS = [
  "pä ss/w+rd\"&<1'$x",
  'O\'Brien "42" & `co`',
  "Żółć=gęślą 7 jaźń",
  "tok_4f9A2b7Cq1Zx",
  `sk-${"aB3dE5gH7jK9".repeat(12)}`,
];

test.each(Object.keys(RESPELLINGS))("a secret is masked as %s, alone and in JSON", (name) => {
  for (const secret of SECRETS) {
    const masker = new SecretMasker();
    masker.add(secret);
    const shown = (RESPELLINGS[name] as (text: string) => string)(secret);
    for (const text of [shown, JSON.stringify({ error: shown })]) {
      const masked = masker.mask(text);
      expect(masked, `${secret} in ${text}`).toContain("***");
      const left = masked.replaceAll("***", "");
      for (let at = 0; at + 7 <= shown.length; at += 1)
        if (!/^(?:INSERT|curl|denied|DENIED)/.test(shown))
          expect(left.includes(shown.slice(at, at + 7)), `${shown.slice(at, at + 7)} in ${masked}`).toBe(
            false,
          );
    }
  }
});

test("words keep their letter case, and the number of forms has a bound", () => {
  const masker = new SecretMasker();
  masker.add("Password");
  expect(masker.mask("the password of PASSWORD")).toBe("the password of PASSWORD");
  expect(masker.mask("the Password")).toBe("the ***");
  for (const secret of SECRETS) expect(secretForms(secret).length).toBeLessThanOrEqual(48);
});
