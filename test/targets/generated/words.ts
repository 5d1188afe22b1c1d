/** Words of one domain; each list holds words that people use for the same thing. */
export interface Domain {
  /** What a catalogue holds. */
  item: readonly string[];
  /** Field with the kind of an item, and its values. */
  kindField: readonly string[];
  kinds: readonly string[];
  money: readonly string[];
  /** What a user makes of an item. */
  deal: readonly string[];
  /** Verbs for making it. */
  make: readonly string[];
}

const RENT = { deal: ["rental", "hire"], make: ["rent", "hire"] };
const BOOK = { deal: ["booking", "reservation"], make: ["book", "reserve"] };
const BUY = { deal: ["order", "purchase"], make: ["buy", "order", "purchase"] };

/** Domains with synonyms, written by hand; nothing else in this repository may use this list. */
export const DOMAINS: readonly Domain[] = [
  {
    item: ["boat", "vessel"],
    kindField: ["category", "type"],
    kinds: ["sailing", "motor", "rowing"],
    money: ["rate", "price"],
    ...RENT,
    deal: ["charter", "rental"],
  },
  {
    item: ["apartment", "flat"],
    kindField: ["district", "area"],
    kinds: ["north", "harbour", "centre"],
    money: ["price", "rate"],
    ...BOOK,
  },
  {
    item: ["bicycle", "bike"],
    kindField: ["style", "type"],
    kinds: ["road", "cargo", "electric"],
    money: ["fee", "price"],
    ...RENT,
  },
  {
    item: ["course", "class"],
    kindField: ["level", "grade"],
    kinds: ["beginner", "advanced", "expert"],
    money: ["fee", "cost"],
    deal: ["enrollment", "registration"],
    make: ["enroll in", "register for", "sign up for"],
  },
  {
    item: ["concert", "show"],
    kindField: ["genre", "style"],
    kinds: ["jazz", "folk", "opera"],
    money: ["price", "fee"],
    ...BOOK,
  },
  {
    item: ["doctor", "physician"],
    kindField: ["field", "department"],
    kinds: ["skin", "heart", "eyes"],
    money: ["fee", "charge"],
    deal: ["appointment", "consultation"],
    make: ["book an appointment with", "schedule a consultation with"],
  },
  {
    item: ["painting", "picture"],
    kindField: ["style", "period"],
    kinds: ["modern", "baroque", "abstract"],
    money: ["price", "cost"],
    ...BUY,
  },
  {
    item: ["plot", "field"],
    kindField: ["soil", "ground"],
    kinds: ["clay", "sand", "loam"],
    money: ["rent", "price"],
    deal: ["lease", "tenancy"],
    make: ["lease", "rent"],
  },
  {
    item: ["car", "automobile"],
    kindField: ["category", "class"],
    kinds: ["compact", "estate", "luxury"],
    money: ["rate", "price"],
    ...RENT,
  },
  {
    item: ["hall", "venue"],
    kindField: ["setting", "type"],
    kinds: ["indoor", "garden", "rooftop"],
    money: ["price", "fee"],
    ...BOOK,
  },
  {
    item: ["tool", "implement"],
    kindField: ["use", "purpose"],
    kinds: ["wood", "metal", "stone"],
    money: ["deposit", "fee"],
    deal: ["loan"],
    make: ["borrow"],
  },
  {
    item: ["pet", "animal"],
    kindField: ["species", "kind"],
    kinds: ["dog", "cat", "rabbit"],
    money: ["fee", "price"],
    deal: ["adoption"],
    make: ["adopt"],
  },
  {
    item: ["flight"],
    kindField: ["cabin", "class"],
    kinds: ["economy", "business", "first"],
    money: ["fare", "price"],
    ...BOOK,
  },
  {
    item: ["cottage", "cabin", "lodge"],
    kindField: ["region", "location"],
    kinds: ["lake", "mountain", "coast"],
    money: ["price", "rate"],
    ...BOOK,
  },
  {
    item: ["dish", "meal"],
    kindField: ["cuisine", "kitchen"],
    kinds: ["thai", "greek", "french"],
    money: ["price", "cost"],
    ...BUY,
  },
  {
    item: ["sculpture", "statue"],
    kindField: ["material", "medium"],
    kinds: ["bronze", "marble", "wood"],
    money: ["price", "cost"],
    ...BUY,
  },
  {
    item: ["tour", "trip", "excursion"],
    kindField: ["theme", "topic"],
    kinds: ["history", "nature", "food"],
    money: ["price", "fare"],
    ...BOOK,
  },
  {
    item: ["desk", "workplace"],
    kindField: ["floor", "zone"],
    kinds: ["quiet", "open", "window"],
    money: ["rate", "price"],
    ...BOOK,
  },
  {
    item: ["lawyer", "attorney"],
    kindField: ["practice", "field"],
    kinds: ["family", "labour", "tax"],
    money: ["fee", "rate"],
    deal: ["consultation", "meeting"],
    make: ["arrange a meeting with", "schedule a consultation with"],
  },
  {
    item: ["garment", "dress"],
    kindField: ["occasion", "event"],
    kinds: ["wedding", "gala", "carnival"],
    money: ["fee", "price"],
    ...RENT,
  },
  {
    item: ["instrument"],
    kindField: ["family", "group"],
    kinds: ["string", "brass", "keyboard"],
    money: ["fee", "rate"],
    ...RENT,
  },
  {
    item: ["seedling", "plant"],
    kindField: ["habit", "form"],
    kinds: ["climbing", "shrub", "annual"],
    money: ["price", "cost"],
    ...BUY,
  },
  {
    item: ["lesson"],
    kindField: ["subject", "topic"],
    kinds: ["piano", "chess", "drawing"],
    money: ["price", "fee"],
    ...BOOK,
  },
  {
    item: ["film", "movie"],
    kindField: ["genre", "category"],
    kinds: ["comedy", "drama", "western"],
    money: ["price", "fee"],
    ...RENT,
  },
];

/** Words for what every system has. */
export const SHARED = {
  cancel: ["cancel", "call off"],
  confirm: ["confirm", "approve"],
  note: ["note", "comment", "remark"],
  noteField: ["text", "body", "content", "message"],
  folder: ["folder", "collection", "album", "list"],
  folderName: ["name", "title", "label"],
  folderSize: ["limit", "capacity", "priority"],
  find: ["find", "look for", "search for", "choose"],
  create: ["create", "make", "add", "set up"],
  change: ["change", "set", "update"],
  remove: ["delete", "remove"],
  login: ["log in", "sign in"],
  logout: ["log out", "sign out"],
} as const;

/** Other things that a system has, which no goal is about. */
export const ASIDE: readonly string[] = [
  "announcement",
  "invoice",
  "notification",
  "report",
  "tag",
  "webhook",
  "team",
  "coupon",
  "document",
  "device",
];

export const NAMES: readonly string[] = [
  "Alder",
  "Birch",
  "Cedar",
  "Dogwood",
  "Elm",
  "Fir",
  "Ginkgo",
  "Hazel",
  "Ivy",
  "Juniper",
  "Katsura",
  "Larch",
  "Maple",
  "Nutmeg",
  "Oak",
  "Poplar",
  "Quince",
  "Rowan",
  "Spruce",
  "Tamarack",
  "Umber",
  "Viburnum",
  "Willow",
  "Yew",
];
