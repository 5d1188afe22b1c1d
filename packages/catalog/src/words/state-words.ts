import { derivedVerbs, relatedStates, verbEntry } from "./thesaurus.ts";
import { lastWord, stem } from "./words.ts";

/** Past participles that are not made of their verb by a rule of spelling. */
const PARTICIPLES: ReadonlyMap<string, string> = new Map(
  (
    "done do,sold sell,paid pay,sent send,lent lend,taken take,given give,hidden hide,chosen choose,frozen freeze,broken break," +
    "written write,lost lose,found find,held hold,left leave,built build,kept keep,met meet,bought buy,brought bring,begun begin," +
    "drawn draw,shown show,seen see,won win,spent spend,withdrawn withdraw,forgotten forget,known know,made make,said say,told tell"
  )
    .split(",")
    .map((pair) => pair.split(" ") as [string, string]),
);

/** What undoes something: `deactivate`, `unpublish`, `reopen` what is closed. */
const UNDOING = /^(?:un|de|dis|in|non)(?=\w{4})/;
const AGAIN = /^re(?=\w{4})/;
/** Senses that a verb has at most which says that something is done again: `reopen`, but not `retire`. */
const SENSES_AGAIN = 2;
/** To tick something off, or to mark it as nothing else, is to say that it is done. */
const MARKED = verbEntry(stem("tick"), "off");
const DONE = new Set(verbEntry("finish")?.synsets);
/** One state of software, which WordNet keeps apart. */
const WORKING = new Set(["active", "enabled"].map(stem));

/** What a clause asks a thing to become: by its verb (`archive it`), or by what it names (`mark it as done`). */
export interface WantedState {
  word: string;
  /** Synsets of the thesaurus that a verb belongs to. */
  synsets: ReadonlySet<string>;
  negated: boolean;
}

/** The stem of the verb that a state is the participle of: `withdraw` of `withdrawn`, `submit` of `submitted`. */
export const verbOfState = (word: string): string => stem(PARTICIPLES.get(word) ?? word);

/** Stems of one state: of the word, of the verb of a participle, and of what it is like. */
function namesOf(word: string): Set<string> {
  const own = stem(word);
  const names = new Set([own, stem(PARTICIPLES.get(word) ?? word)]);
  for (const other of relatedStates(own).alike) names.add(other);
  return WORKING.has(own) ? new Set([...names, ...WORKING]) : names;
}

/** With the verbs that a state is a noun or an adjective of: `publish` of `public`. */
const withVerbs = (names: ReadonlySet<string>): Set<string> =>
  new Set([...names, ...[...names].flatMap(derivedVerbs)]);

const hasCommon = (one: ReadonlySet<string>, two: ReadonlySet<string>): boolean =>
  [...one].some((name) => two.has(name));

const synsetsOf = (name: string): readonly string[] => verbEntry(name)?.synsets ?? [];

const oppositesOf = (names: ReadonlySet<string>): Set<string> =>
  new Set([...names].flatMap((name) => relatedStates(name).opposite));

/**
 * Whether a state, such as `completed`, is what is wanted: true or false for its opposite, undefined if it is another one.
 */
export function isWantedState(state: string, wanted: WantedState): boolean | undefined {
  const word = lastWord(state);
  if (word === "" || wanted.word === "") return undefined;
  const same = comparison(word, wanted);
  return same === undefined ? undefined : same !== wanted.negated;
}

function comparison(word: string, { word: asked, synsets }: WantedState): boolean | undefined {
  const names = namesOf(word);
  const others = namesOf(asked);
  if (hasCommon(withVerbs(names), withVerbs(others))) return true;
  if (hasCommon(oppositesOf(names), others) || hasCommon(names, oppositesOf(others))) return false;
  // Without a verb of its own, `as done`, by the verb that the state is made of.
  const meant = synsets.size > 0 ? synsets : new Set([...others].flatMap(synsetsOf));
  const own = [...names].flatMap(synsetsOf);
  if (own.some((synset) => meant.has(synset))) return true;
  if (MARKED?.synsets.some((synset) => synsets.has(synset)) && own.some((synset) => DONE.has(synset)))
    return true;
  const undone = namesOf(asked.replace(UNDOING, ""));
  if (UNDOING.test(asked) && hasCommon(names, undone)) return false;
  if (UNDOING.test(word) && hasCommon(namesOf(word.replace(UNDOING, "")), others)) return false;
  if (!AGAIN.test(asked) || synsetsOf(stem(asked)).length > SENSES_AGAIN) return undefined;
  const before = namesOf(asked.replace(AGAIN, ""));
  if (hasCommon(names, before)) return true;
  return hasCommon(oppositesOf(names), before) ? false : undefined;
}
