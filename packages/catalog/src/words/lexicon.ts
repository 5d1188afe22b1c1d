/**
 * General English of requests to applications: no word of any particular API. A meaning starts with `~`, so that it
 * never collides with a stem.
 */

/** Phrases that mean more than their words; replaced before single words are read. */
export const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\be mail\b/g, "email"],
  // A leave request is no request to leave.
  [
    /\bleave(?= (?:requests?|applications?|days?|types?|balances?|entitlements?|polic(?:y|ies)|periods?)\b)/g,
    "absence",
  ],
  [/\b(?:log|sign)(?:s|ged|ging|ed|ing)?(?: (?!in\b|out\b|off\b|up\b)[a-z]+){0,3} in(?:to)?\b/g, "~login"],
  [/\b(?:log|sign)(?:s|ged|ging|ed|ing)?(?: (?!in\b|out\b|off\b|up\b)[a-z]+){0,3} (?:out|off)\b/g, "~logout"],
  [/\bsign(?:s|ed|ing)?(?: [a-z]+){0,2} up\b/g, "~register"],
  [/\b(?:create|open|make)s?(?: (?:a|an|the|your|new))* (?:user |customer )?account\b/g, "~register account"],
  [
    /\b(?:open|start|begin|create|establish)(?:s|ed|ing|ning)?(?: (?:a|an|the|your|new|fresh|user|login))* sessions?\b/g,
    "~login",
  ],
  [
    /\b(?:end|clos|leav|terminat|finish|delet|destroy|stop|drop)(?:e|s|es|ed|ing)?(?: (?:a|an|the|your|this|current|user|login))* sessions?\b/g,
    "~logout",
  ],
  [/\bcheck(?:s|ed|ing)?(?: (?:the|your|a|cart|basket|everything|it|them)){0,3} out\b/g, "~buy"],
  [
    /\b(?:plac|submit|complet|finaliz|finalis|mak)(?:e|es|s|ing|ting|ed|ted)?(?: [a-z]+)? (?:order|purchase)s?\b/g,
    "~buy ~order",
  ],
  [/\blook(?:s|ing)? (?:for|up|through|around|over)\b/g, "~find"],
  [/\bgo(?:es|ing)? through\b/g, "~find"],
  [/\b(?:have|take) a look at\b/g, "~show"],
  [/\blook(?:s|ing)? at\b/g, "~show"],
  [/\btak(?:e|es|ing)(?: [a-z]+){0,6} out of\b/g, "~remove"],
  [/\bleav(?:e|es|ing)(?= (?:an?|some|my|your) (?!session|page|site|shop|account))/g, "write"],
  [
    /\bleav(?:e|es|ing)(?= (?:tips?|comments?|reviews?|feedback|notes?|messages?|repl(?:y|ies)|ratings?|remarks?)\b)/g,
    "write",
  ],
  [/\btak(?:e|es|ing)(?= (?:[a-z]+ ){0,3}down\b)/g, "~remove"],
  [/\btak(?:e|es|ing)(?= (?:[a-z]+ ){0,3}over\b)/g, "assign"],
  [/\bsettl(?:e|es|ing)(?= (?:the |my |your |this )?(?:bill|invoice|account|tab)\b)/g, "~buy"],
  [
    /\b(?:bring|mov|put|turn)(?:e|s|es|ing)?(?= (?:[a-z]+ ){1,4}to (?:the )?(?:state|status|stage)\b)/g,
    "~update",
  ],
  [/\b(?:get|gets|getting) rid of\b/g, "~remove"],
  [/\bhand(?:s|ing)? back\b/g, "return"],
  [/\b(?:go(?:es)?|carry|carries) on\b/g, "~next"],
];

const GROUPS: Record<string, string> = {
  login: "login signin authenticate logon",
  logout: "logout logoff signout leave signoff",
  register: "register signup enroll enrol",
  find: "find search browse list discover seek locate explore choose pick select query lookup",
  show: "show view see display read inspect get fetch retrieve check detail",
  add: "add put insert include append place",
  buy: "buy purchase pay checkout",
  reserve: "reserve book rent hire borrow",
  confirm: "confirm approve accept finalize finalise",
  remove: "remove delete cancel discard withdraw clear empty drop",
  create: "create make new submit post publish write send draft",
  update: "update change edit modify set rename adjust replace",
  order: "order",
  cart: "cart basket trolley bag",
  thing: "product item article good merchandise",
  person: "customer user member visitor client guest patron",
  price: "price cost fee charge fare tariff amount",
  id: "id identifier uuid code reference key unique slug handle",
  secret: "password passcode passphrase pin secret",
  mail: "email mail",
  next: "next cursor continue continuation further following",
};

/** Verbs that the groups lack, needed to split a goal before them. */
const MORE_VERBS =
  "return rate review comment transfer move join wait go visit use apply ask request report upload download " +
  "follow like share assign close complete mark start stop invite open do take give leave move lend track " +
  "renew extend subscribe unsubscribe redeem sell bid vote schedule attach order archive enter finish end sign log";

const NOUNS = new Set(["order", "cart", "thing", "person", "price", "id", "secret", "mail", "next"]);

/** Word to meaning, unstemmed; {@link MEANINGS} is read by stem in words.ts. */
export const MEANINGS: readonly (readonly [string, string])[] = Object.entries(GROUPS).flatMap(
  ([meaning, words]) => words.split(" ").map((word) => [word, `~${meaning}`] as const),
);

/** Verbs of the lexicon, unstemmed. */
export const VERBS: readonly string[] = [
  ...Object.entries(GROUPS).flatMap(([meaning, words]) => (NOUNS.has(meaning) ? [] : words.split(" "))),
  ...MORE_VERBS.split(" "),
].filter((word) => !["new", "detail", "empty", "good"].includes(word));

/** Meanings that are verbs. */
export const VERB_MEANINGS: ReadonlySet<string> = new Set(
  Object.keys(GROUPS)
    .filter((meaning) => !NOUNS.has(meaning))
    .map((meaning) => `~${meaning}`),
);

/** How well an HTTP method fits a verb; 1 by default. */
export const AFFINITY: Record<string, Partial<Record<string, number>>> = {
  "~login": { GET: 0.3, DELETE: 0.1 },
  "~logout": { GET: 0.5 },
  "~register": { GET: 0.2, DELETE: 0.1 },
  "~find": { POST: 0.3, PUT: 0.1, PATCH: 0.1, DELETE: 0.05 },
  "~show": { POST: 0.3, PUT: 0.1, PATCH: 0.1, DELETE: 0.05 },
  "~add": { GET: 0.2, DELETE: 0.1 },
  "~buy": { GET: 0.2, DELETE: 0.1 },
  "~reserve": { GET: 0.2, DELETE: 0.15 },
  "~confirm": { GET: 0.2, DELETE: 0.2 },
  "~remove": { GET: 0.1, POST: 0.7, PUT: 0.6, PATCH: 0.6 },
  "~create": { GET: 0.2, DELETE: 0.1 },
  "~update": { GET: 0.1, POST: 0.8, DELETE: 0.1 },
};

/** Words that carry no meaning in a match. */
export const STOP: ReadonlySet<string> = new Set(
  (
    "a an the of to for in on at by with and or is are was were be been it its this that these those which who whose " +
    "as from into onto out off all one ones some any will would can could should must may might shall do does did has have had " +
    "he she they them their his her you your yours we our us i me my mine so such not no nor than there here when " +
    "while what how also just only each every other another if then else s t please want wants need needs up about own per"
  ).split(" "),
);

/** Number words. */
export const NUMBERS: Readonly<Record<string, number>> = Object.fromEntries(
  "zero one two three four five six seven eight nine ten eleven twelve"
    .split(" ")
    .map((word, value) => [word, value] as const)
    .concat([
      ["fifteen", 15],
      ["twenty", 20],
      ["thirty", 30],
      ["forty", 40],
      ["fifty", 50],
      ["hundred", 100],
    ]),
);

/** What a verb does to a thing: an operation of another class never serves a clause well. */
export type VerbClass = "create" | "read" | "update" | "delete";

/** The classes of the meanings that have one. */
export const VERB_CLASSES: ReadonlyMap<string, VerbClass> = new Map([
  ["~create", "create"],
  ["~add", "create"],
  ["~register", "create"],
  ["~reserve", "create"],
  ["~find", "read"],
  ["~show", "read"],
  ["~update", "update"],
  ["~remove", "delete"],
]);

/** Meanings that say what is meant without a noun: `pay`. */
export const SPECIFIC_MEANINGS: ReadonlySet<string> = new Set([
  "~login",
  "~logout",
  "~register",
  "~buy",
  "~reserve",
  "~confirm",
]);
