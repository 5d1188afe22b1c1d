/** The common form of paths: it has only one spelling, apart from letter case. */
const PLAIN = /^(?:\/[\w-]+)+$/;
/** Maximum number of nested encodings that are decoded: proxies and servers in a row each decode one. */
const MAX_ROUNDS = 8;
/** Placeholder for a slash that a server may keep within its segment. */
const INNER_SLASH = "\ue000";
const ENCODED_SLASH =
  /%(?:25)*(?:2f|5c|u002f|u005c|c0%(?:25)*af|e0%(?:25)*80%(?:25)*af|f0%(?:25)*80%(?:25)*80%(?:25)*af)/gi;
export const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
const HAS_INVISIBLE = /[\p{Cc}\p{Cf}]/u;
/** Suffixes of scripts that get the rest of the path: `/admin.php/users` is `/admin/users` (CGI, PATH_INFO). */
const SCRIPT_SUFFIX = /\.(?:php\d?|phtml|f?cgi|pl|py|rb|asp|aspx|ashx|jspx?|do|action|cfm|cfc)(?=\/)/g;
/** A front controller that receives the whole path: `/index.php/admin` is `/admin`. */
const FRONT_CONTROLLER = /^[\w.-]+\.(?:php\d?|phtml|f?cgi|pl|py|rb|aspx?|ashx|jspx?|do|cfm|cfc)$/;
/** Ids of sessions that ASP.NET keeps in paths: `/(S(abc))/admin`. Source: Microsoft, "Cookieless ASP.NET". */
const COOKIELESS = /^\((?:[asf]\([^()]*\))+\)$/;

/**
 * The canonical forms of a path without its query under which common servers may look up its resource: letter case,
 * repeated and trailing slashes, percent-encoding (also repeated, overlong and `%u`), backslashes, dot segments, path
 * parameters (`;x=1`), control characters, Windows suffixes (blanks, dots, `::$DATA`) and suffixes of scripts within the
 * path, front controllers and ids of sessions are undone. Servers differ in some of these, so a path may have several forms. Suffixes of the last segment stay:
 * patterns of `deny` match them. Sources: RFC 3986, section 6; OWASP, "Path
 * Traversal"; MITRE CAPEC-126.
 */
export function pathSpellings(path: string): readonly string[] {
  if (PLAIN.test(path)) return [path.toLowerCase()];
  const found = new Set<string>();
  const inner = path.replaceAll("\\", INNER_SLASH).replaceAll(ENCODED_SLASH, INNER_SLASH);
  const texts = [foldText(inner), foldText(inner.replaceAll(INNER_SLASH, "/"))];
  for (const text of new Set([...texts, ...texts.map(withBlanks)]))
    for (const end of ends(text))
      for (const bare of end.includes(";") ? [end, end.replaceAll(/;[^/]*/g, "")] : [end])
        addForms(bare.split("/").map(cleanSegment), found);
  return [...found];
}

/**
 * A path whose `+` within segments are blanks, as servers on Rack may read them, which decode paths like forms.
 * Those at the ends of a segment stay: blanks there are none to Windows alone.
 */
const withBlanks = (text: string): string =>
  text.includes("+")
    ? text.replaceAll(/(?<=[^/+])\++(?=[^/+])/g, (pluses) => " ".repeat(pluses.length))
    : text;

/** A text with its percent-encoding decoded repeatedly, in one letter case and Unicode form. */
export function foldText(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_ROUNDS && decoded.includes("%"); round += 1) {
    const next = decodeOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  // Java's equalsIgnoreCase and Turkish rules take the dotted capital for a plain i: in lower case it is one with a dot.
  return decoded.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("i\u0307", "i");
}

/** A segment without what Windows ignores at its end; dot segments stay. */
export function cleanSegment(segment: string): string {
  const trimmed = segment.trim().replace(/(?::[\w$.-]*)?:\$\w+$/, "");
  return trimmed === "." || trimmed === ".." ? trimmed : trimmed.replace(/[\s.]+$/, "");
}

/** Two to four bytes for a character that needs fewer (RFC 3629, section 3, forbids them). */
const OVERLONG = /[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]{2}/g;
const SEQUENCE = /(?:%[0-9a-f]{2})+/gi;

/** Decodes once; bytes that are not UTF-8 are read as Latin-1, overlong ones as the character that they represent. */
function decodeOnce(text: string): string {
  return text
    .replaceAll(/%u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(SEQUENCE, (sequence) => {
      try {
        return decodeURIComponent(sequence);
      } catch {
        const bytes = Buffer.from(sequence.replaceAll("%", ""), "hex").toString("latin1");
        return bytes.replaceAll(OVERLONG, (sequence) => {
          const [first = 0, ...rest] = Buffer.from(sequence, "latin1");
          const code = rest.reduce(
            (sum, byte) => (sum << 6) | (byte & 0x3f),
            first & (0xff >> (rest.length + 2)),
          );
          return String.fromCodePoint(code);
        });
      }
    });
}

/** A decoded path, and its part before a NUL, a `?` or a `#` that was encoded, where some servers end it. */
function ends(text: string): string[] {
  const found = [text];
  const mark = text.search(/[?#]/);
  if (mark >= 0) found.push(text.slice(0, mark));
  if (!HAS_INVISIBLE.test(text)) return found;
  return found.flatMap((one) => [one.replaceAll(INVISIBLE, ""), one.split("\0")[0] as string]);
}

function addForms(segments: readonly string[], found: Set<string>): void {
  add(
    segments.filter((segment) => segment !== ""),
    found,
  );
  if (!segments.some((segment) => segment === "." || segment === "..")) return;
  const resolved: string[] = [];
  for (const segment of segments)
    if (segment === "..") resolved.pop();
    else if (segment !== "" && segment !== ".") resolved.push(segment);
  add(resolved, found);
}

function add(segments: readonly string[], found: Set<string>): void {
  const path = `/${segments.join("/")}`;
  found.add(path);
  if (path.includes(".")) found.add(path.replaceAll(SCRIPT_SUFFIX, ""));
  const routed = segments.filter(
    (segment, at) =>
      !(COOKIELESS.test(segment) || (at < segments.length - 1 && FRONT_CONTROLLER.test(segment))),
  );
  if (routed.length < segments.length) found.add(`/${routed.join("/")}`);
}
