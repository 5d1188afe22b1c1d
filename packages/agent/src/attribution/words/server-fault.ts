import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { refusalText } from "./refusal-words.ts";

/**
 * Defects that only a program has: no request can be right or wrong about them. Names of exceptions of common runtimes,
 * database errors about its own schema or resources (SQLSTATE 40P01, 42P01, 42S02 and classes 08, 53, 57P, 58 and XX), and
 * what proxies say when they do not reach the servers behind them.
 */
const PROOFS: readonly RegExp[] = [
  /\b(?:NullPointer|NullReference|StackOverflow|OutOfMemory|ClassCast|ConcurrentModification)(?:Exception|Error)\b|\bNoSuchMethod(?:Error|Exception)\b|\bNoClassDefFoundError\b/,
  /\bcannot read propert(?:y|ies)\b.{0,60}\b(?:undefined|null)\b|\b(?:undefined|null) is not (?:a function|an object|iterable)\b|\bTypeError: \S{1,80} is not a function\b/i,
  /\bNoneType\b.{0,40}\b(?:object|has no attribute)\b|\b(?:Attribute|ModuleNotFound|ZeroDivision|Recursion|UnboundLocal)Error\b/,
  /\bundefined (?:local variable or )?method\b.{0,80}\bnil\b|\bNoMethodError\b|\bcall to a member function .{1,60}\(\) on (?:null|bool)\b|\bundefined (?:index|offset|array key|variable)\b.{0,60}\.php\b/i,
  /\binvalid memory address or nil pointer\b|\bnil pointer dereference\b|\bsegmentation fault\b|\bsegfault\b|\bindex out of range \[/i,
  /\bjava heap space\b|\btoo many open files\b|\bno space left on device\b|\bENOSPC\b|\bEMFILE\b|\bGC overhead limit\b/i,
  /\bSQLSTATE\W{0,3}(?:08\w{3}|40P01|42P01|42S02|42S22|42703|53\w{3}|57P\w{2}|58\w{3}|XX\w{3})\b|\bORA-(?:00942|00904|00060|01034|04031)\b/i,
  /\byou have an error in your SQL syntax\b|\bsyntax error at or near "|\bSQLITE_(?:BUSY|IOERR|FULL|CORRUPT|CANTOPEN)\b|\bdatabase (?:file )?is locked\b/i,
  /\bdeadlock found when trying to get lock\b|\block wait timeout exceeded\b|\bwas deadlocked on\b/i,
  /\btoo many (?:database )?connections\b|\bremaining connection slots\b|\bconnection pool (?:is )?(?:exhausted|timed out)\b|\bunable to acquire (?:a |jdbc )?connection\b|\bQueuePool limit\b/i,
  /\bno healthy upstream\b|\bupstream connect error\b|\bupstream (?:request timeout|timed out|prematurely closed)\b|\bdisconnect\/reset before headers\b|\bno live upstreams\b|\bno server is available to handle this request\b/i,
];
/**
 * What databases say of a table of theirs that is not there (PostgreSQL, MySQL, SQLite, SQL Server), with its name: words
 * that an API about tables has, too.
 */
const NO_TABLE =
  /\brelation \\?"([\w.]+)\\?" does not exist\b|\btable ['`]([\w$-]+\.[\w$-]+)['`] doesn't exist\b|\bno such table: ([a-z_][\w.]*)|\binvalid object name '([\w.[\]]+)'/i;
/** The whole message of a database that gave up a transaction of its own. */
const WHOLE =
  /^\W*(?:error:? ?)?(?:deadlock (?:detected|found|error|victim)|transaction (?:deadlock|was deadlocked)\w*)\W*$/i;

/** Words that speak of a fault within the server without proof: frameworks use some of them for bad requests too. */
const SIGNS =
  /\binternal[ _-]?(?:server[ _-]?)?(?:error|exception|failure|fault)\b|\b(?:unexpected|unhandled|uncaught|unknown|fatal|server|system|database|backend|upstream)[ _-]?(?:server[ _-]?)?(?:errors?|exceptions?|failure)\b|\b(?:something|an error) (?:went|has gone) wrong\b|\bdead-?lock\w*\b|\bSQLSTATE\W{0,3}(?!2[23])\w{5}\b|\b(?:PSQL|SQL(?:Syntax)?|JDBC|DataAccess|Sequelize\w*|Operational|Programming|IO|Socket|ConnectTimeout|ReadTimeout)(?:Exception|Error)\b|\bpanic(?:ked\b|:)|\b(?:backend|database) (?:is )?(?:down|unavailable|unreachable)\b|\bcore dumped\b|\bout of memory\b|\bcould not serialize access\b|\bunknown column '|\bE(?:CONNREFUSED|CONNRESET|HOSTUNREACH|TIMEDOUT|AI_AGAIN)\b|\bconnection (?:refused|reset|timed out)\b|\bbroken pipe\b|\b(?:status(?: code)?|HTTP(?:\/\d(?:\.\d)?)?)[ :=]{1,2}5\d\d\b|\b50[0234] (?:internal server error|bad gateway|service unavailable|gateway time-?out)\b/i;
const WHOLE_SIGN =
  /^\W*(?:the )?(?:service|server|backend)(?: is)?(?: temporarily| currently)? unavailable\W*$/i;
/** A line of a stack trace: Java, .NET, JavaScript, Python, PHP, Ruby, Go. */
const TRACE =
  /\bat [\w$.<>]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)|\bat [\w$.<>`[\],]+\(.*?\) in .{1,200}:line \d+|\bat (?:async )?[\w$.<> [\]]{0,120}\(?(?:file:\/\/|\/|[A-Z]:\\|node:)[^()\s]{1,200}:\d+:\d+\)?|\bTraceback \(most recent call last\)|\bFile \\?"[^"]{1,200}", line \d+|#\d+ \S{1,200}\.php\(\d+\)|\bin \/\S{1,200}\.php(?: on line |:)\d+|\/\S{1,200}\.rb:\d+:in\b|\/\S{1,200}\.go:\d+(?: \+0x)?/;
/** Exceptions by which a program refuses a request: a trace of one is no sign of a defect. */
const REFUSING =
  /\b\w*(?:Validation|NotValid|Invalid|IllegalArgument|IllegalState|BadRequest|NotFound|NoSuchElement|Forbidden|AccessDenied|Unauthori[sz]ed|Authentication|Conflict|Duplicate|AlreadyExists|Unprocessable|NotReadable|MissingServlet|TypeMismatch|Constraint|Unique|OptimisticLock\w*|Precondition|Permission|Parse|Malformed|Argument|Business|Domain)\w*(?:Exception|Error)\b|\bValueError\b/;

/**
 * What the words of a refusal say about a fault within the server: `proven` where only a defect of the server explains
 * them, `possible` where it is one reading, undefined otherwise. Words of the request itself do not count: servers
 * repeat them.
 */
export function serverFault(call: ToolCall, result: ToolResult): "proven" | "possible" | undefined {
  const said = refusalText(result, call);
  const words = withoutRepeated(said, call);
  const texts = textsIn(words);
  if (PROOFS.some((proof) => proof.test(words)) || texts.some((text) => WHOLE.test(text))) return "proven";
  const table = NO_TABLE.exec(words);
  if (table !== null) return isOwnTable(table, call) ? "possible" : "proven";
  if (TRACE.test(words)) return REFUSING.test(words) ? undefined : "possible";
  return SIGNS.test(words) || texts.some((text) => WHOLE_SIGN.test(text)) ? "possible" : undefined;
}

/** Whether a table that is said to be missing can be one of the API's own: its request speaks of tables, or has the name as a value. */
function isOwnTable([words, ...names]: RegExpExecArray, call: ToolCall): boolean {
  const name = names.find((one) => one !== undefined) ?? "";
  const sent = `${call.path} ${writeJson([call.data ?? call.graphql ?? call.tool ?? null, call.query ?? null] as Json)}`;
  const kind = /relation/i.test(words) ? /relation/i : /(?:[Tt]able|TABLE)[sS]?(?![a-z])/;
  return kind.test(sent) || sent.includes(`"${name}"`);
}

/** The quoted texts of a JSON text; the text itself where it has none. */
const textsIn = (words: string): string[] =>
  words.includes('"') ? [...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text) : [words];

/** A refusal without the texts of the request that it repeats. */
function withoutRepeated(words: string, call: ToolCall): string {
  const sent = [call.data ?? call.graphql?.variables ?? call.tool?.arguments ?? null, call.query ?? null];
  let rest = words;
  for (const [, text = ""] of writeJson(sent as Json).matchAll(/"((?:[^"\\]|\\.){4,})"(?!:)/g))
    rest = rest.replaceAll(text, " ");
  return rest;
}
