import type { Page } from "@ape/core/protocol/page";

/** A status as the whole of a heading, or before its reason: `404`, `Error 404 - Page not found`. */
const STATUS =
  /^(?:(?:error|http|status|code|oops|whoops)\W{0,3})*([45]\d\d)\W{0,3}(?:$|error\b|(?:page |file |resource )?not found|page\b|forbidden|unauthori|internal|server|bad\b|gateway|service|too many|method not|request|conflict|gone\b|timed? ?out|access|maintenance)/i;
/** Headings that are nothing but an error. */
const HEADINGS: readonly (readonly [RegExp, number | "unproven" | "expired"])[] = [
  [
    /^(?:(?:oops|sorry)\W{0,3})?(?:(?:the|this|that) )?(?:requested )?(?:page|file|url|document)?(?: you (?:requested|are looking for|were looking for))?(?: (?:was|is))? ?(?:not found|(?:cannot|can['’]t|could not|couldn['’]t) be found|(?:does not|doesn['’]t) exist)\W*$/i,
    404,
  ],
  [/^(?:(?:oops|sorry)\W{0,3})?we (?:could not|couldn['’]t|can['’]t) find (?:that|this|the) page/i, 404],
  [
    /^(?:internal server error|server error\b|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|application error|unhandled exception|fatal error|runtime error|uncaught \w+|traceback)/i,
    500,
  ],
  [
    /^(?:(?:oops|sorry|whoops|uh oh)\W{0,3})?(?:(?:an |some )?(?:unexpected |internal |unknown )?error (?:has )?occurred|something went wrong)/i,
    "unproven",
  ],
  [
    /\b(?:down|offline|closed) for (?:scheduled |planned |routine )?maintenance\b|^(?:(?:we are|(?:the |this |our )?(?:site|website|shop|system|service)(?: is)?) )?(?:currently )?(?:under|undergoing|in) (?:scheduled |planned )?maintenance\W*$|^maintenance (?:mode|in progress|break)\b|^we(?:['’]ll| will) be (?:right )?back\b|^(?:the |this )?(?:site|service|website|shop) is (?:temporarily |currently )?(?:offline|unavailable|down)\b/i,
    503,
  ],
  [
    /^(?:your |the |this )?(?:session|page|form|token|link|request)(?: has| is)? (?:timed out|expired|time-?out)\b|^session time-?out|^(?:invalid|missing|bad) (?:csrf|security|anti-?forgery|authenticity|form) (?:token|key)|\bcsrf\b[^.]{0,30}\b(?:failed|mismatch|invalid|missing)/i,
    "expired",
  ],
  [
    /^(?:(?:access|permission) denied|forbidden|unauthori[sz]ed|not authori[sz]ed|you (?:are not|aren['’]t) (?:allowed|authori[sz]ed))\b/i,
    403,
  ],
  // What a proxy against bots shows instead of the page.
  [
    /^(?:just a moment|one moment, please|attention required|checking (?:your browser|if the site connection is secure)|verif(?:y|ying) (?:that )?you are (?:a )?human|please verify (?:that )?you are (?:a )?human|pardon our interruption|ddos[ -]guard|ddos protection\b|bot (?:check|verification|protection)|security check(?: required)?\W*$|request unsuccessful\b.*\bincident|human verification)/i,
    403,
  ],
  [/^(?:an )?(?:error|oops|whoops)\W{0,3}$/i, "unproven"],
];
/** What a crash prints where a page should be. */
const CRASH =
  /^(?:PHP )?(?:Fatal|Parse|Catchable fatal|Recoverable fatal) error\b|\bUncaught [\w\\]{1,80}(?:Exception|Error)\b|^Traceback \(most recent call last\)|^\s*at [\w.$]+\([\w$]+\.java:\d+\)|\bSQLSTATE\[\w+\]|^Unhandled (?:exception|rejection)\b|\bORA-\d{5}\b|^(?:java|javax|org)\.[\w.]+(?:Exception|Error)\b/im;
/** What PHP and databases print where a page should be, or before it. */
const DATABASE =
  /^(?:PHP )?(?:Warning|Notice|Deprecated|Error): {1,3}(?:mysqli?|pg|sqlite|odbc|oci|mssql|sqlsrv|PDO(?:Statement)?)\w*[:(>_-]|\bYou have an error in your SQL syntax\b|^(?:MySQL |SQL |Database |DB )?Error\W{1,3}(?:Duplicate entry|.{0,40}\bduplicate key value violates)|\bduplicate key value violates unique constraint\b|^Duplicate entry '[^']*' for key\b|^(?:MySQL|PostgreSQL|Database|SQL) (?:query )?error\b|^error establishing a database connection|\bMicrosoft OLE DB Provider\b|\bSQLITE_\w+:|^django\.db\.utils\./im;
/** A warning of PHP, alone on its page. */
const ONLY_WARNINGS = /^(?:(?:PHP )?(?:Warning|Notice|Deprecated): .{1,300} on line \d+\s*)+$/i;
const MAX_CRASH = 400;
const MAX_HEADING = 200;

/** What an error page says, and the HTTP status that says the same. */
export interface ErrorPage {
  message: string;
  /** `expired`: the session or the form is over; `unproven`: an error of nobody knows whom. */
  like: number | "unproven" | "expired";
}

/**
 * Reads a page that came with a good status for being an error page: by its title or its main heading, or by a crash at
 * its beginning.
 * @param without takes what was sent out of a text: a topic may be called like an error
 */
export function errorPage(page: Page, without: (text: string) => string): ErrorPage | undefined {
  const first = page.text.split("\n", 1)[0] ?? "";
  const titles = [page.heading ?? first, page.title];
  for (const given of titles) {
    const text = without(given).trim().slice(0, MAX_HEADING);
    if (text === "") continue;
    const status = STATUS.exec(text)?.[1];
    if (status !== undefined)
      return { message: text, like: Number(status) === 419 ? "expired" : Number(status) };
    // Of a title the site's name may stand beside it.
    for (const part of [text, ...text.split(/ [|·–—-] /)])
      for (const [pattern, like] of HEADINGS) if (pattern.test(part.trim())) return { message: text, like };
  }
  const start = without(page.text).slice(0, MAX_CRASH);
  const crash = CRASH.exec(start) ?? DATABASE.exec(start);
  if (crash !== null) return { message: crash[0].trim(), like: 500 };
  return ONLY_WARNINGS.test(start.trim()) ? { message: start.trim(), like: "unproven" } : undefined;
}
