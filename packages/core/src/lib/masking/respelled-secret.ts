/** Secrets that are words would blank out ordinary text in another letter case. */
const MIN_CASED = 8;
const HAS_DIGIT = /\d/;

const CHARACTER = /[^\w@%+=:,./-]/gu;

/**
 * The forms in which a system that handles a secret as text can repeat it: in Unicode's other normal forms, its UTF-8 read as
 * Latin-1 or Windows-1252, with the quotes of SQL and CSV doubled, quoted or escaped for a shell, in upper or lower case, and
 * quoted-printable (RFC 2045, section 6.7).
 * @param bytes its UTF-8
 */
export function respelledForms(value: string, bytes: Uint8Array): string[] {
  const forms: string[] = [];
  const hasOthers = bytes.length > value.length;
  if (hasOthers) {
    for (const form of ["NFC", "NFD"] as const) forms.push(value.normalize(form));
    let latin1 = "";
    for (const byte of bytes) latin1 += String.fromCharCode(byte);
    forms.push(latin1, new TextDecoder("windows-1252").decode(bytes));
  }
  if (value.includes("'")) forms.push(value.replaceAll("'", "''"), value.replaceAll("'", "'\\''"));
  if (value.includes('"')) forms.push(value.replaceAll('"', '""'));
  if (/[$`"\\!]/.test(value)) forms.push(value.replaceAll(/[$`"\\]/g, "\\$&"));
  const escaped = value.replaceAll(CHARACTER, "\\$&");
  // In JSON its backslashes are doubled.
  if (escaped !== value) forms.push(escaped, escaped.replaceAll("\\", "\\\\"));
  if (value.length >= MIN_CASED && HAS_DIGIT.test(value))
    forms.push(value.toUpperCase(), value.toLowerCase());
  if (hasOthers || value.includes("=")) {
    let printable = "";
    for (const byte of bytes)
      printable +=
        byte === 0x3d || byte < 0x20 || byte > 0x7e
          ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
          : String.fromCharCode(byte);
    forms.push(printable, printable.replaceAll(" ", "_"));
  }
  return forms;
}
