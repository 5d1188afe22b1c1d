import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
import { columnProblem, repeatedName } from "./row-columns.ts";

/** Characters of one row, as for CSV. */
const MAX_ROW = 1_000_000;
/** A value of a row is serialized as JSON if it is no text: that needs stack for its levels. */
const MAX_DEPTH = 500;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads a JSON list of objects, an object at a time.
 * @param file for messages
 * @throws ApeError DATA_INVALID, with the line
 */
export async function readJsonRows(
  pieces: AsyncIterable<string>,
  file: string,
  onRow: (row: JsonObject) => void,
): Promise<void> {
  const list = new ListReader(file, onRow);
  for await (const piece of pieces) list.take(piece);
  list.end();
}

/** Splits the text of a list into the texts of its items: counts brackets, skips strings. */
class ListReader {
  readonly #file: string;
  readonly #onRow: (row: JsonObject) => void;
  #state: "before" | "inside" | "after" = "before";
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #item = "";
  #items = 0;
  /** Names of the row, counted by their colons. */
  #names = 0;
  /** The names of the first row. */
  #columns: readonly string[] | undefined;
  #line = 1;
  /** Of the item's first character. */
  #began = 1;

  constructor(file: string, onRow: (row: JsonObject) => void) {
    this.#file = file;
    this.#onRow = onRow;
  }

  take(piece: string): void {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === NEWLINE) this.#line += 1;
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) this.#quoted = false;
      } else if (code === 0x20 || code === 0x09 || code === 0x0d || code === NEWLINE) {
        if (this.#item === "" && from === at) from = at + 1;
      } else if (this.#state !== "inside") {
        if (this.#state === "after" || code !== OPEN_LIST) throw this.#notAList();
        this.#state = "inside";
        from = at + 1;
      } else {
        if (this.#item === "" && from === at) this.#began = this.#line;
        if (code === QUOTE) this.#quoted = true;
        else if (code === OPEN_LIST || code === OPEN_OBJECT) {
          this.#depth += 1;
          if (this.#depth > MAX_DEPTH)
            throw this.#refused(`the row is nested more than ${MAX_DEPTH} levels deep`, HINT);
        } else if (this.#depth > 0) {
          if (code === CLOSE_LIST || code === CLOSE_OBJECT) this.#depth -= 1;
          else if (code === COLON && this.#depth === 1) this.#names += 1;
        } else if (code === COMMA || code === CLOSE_LIST) {
          this.#row(this.#item + piece.slice(from, at), code === CLOSE_LIST);
          this.#item = "";
          from = at + 1;
          if (code === CLOSE_LIST) this.#state = "after";
        }
      }
    }
    if (this.#state === "inside") this.#item += piece.slice(from);
    if (this.#item.length > MAX_ROW)
      throw this.#refused(`the row is longer than ${MAX_ROW} characters`, "Is a quote or a brace missing?");
  }

  end(): void {
    if (this.#state === "before") throw this.#notAList();
    if (this.#state === "inside")
      throw this.#refused("the list is not closed", "It ends with ], and each object in it with }.");
  }

  #row(text: string, last: boolean): void {
    // `[]` has no item, and a comma before the end is no JSON.
    if (text.trim() === "" && last && this.#items === 0) return;
    this.#items += 1;
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (cause) {
      throw this.#refused(`row ${this.#items} is not JSON: ${messageOf(cause)}`, HINT, cause);
    }
    if (!isJsonObject(value)) throw this.#refused(`row ${this.#items} is no object`, HINT);
    this.#requireColumns(value, text);
    this.#onRow(value);
  }

  /** Each row has the same columns, each with a name and once: as in CSV. */
  #requireColumns(row: JsonObject, text: string): void {
    const names = Object.keys(row);
    this.#columns ??= names;
    const twice = names.length < this.#names ? repeatedName(text) : undefined;
    this.#names = 0;
    const problem =
      twice === undefined ? columnProblem(this.#columns, row) : `names the column "${twice}" twice`;
    if (problem !== undefined) throw this.#refused(`row ${this.#items} ${problem}`, SAME_COLUMNS);
  }

  #notAList(): ApeError {
    return this.#refused("not a list of objects", HINT);
  }

  #refused(what: string, hint: string, cause?: unknown): ApeError {
    const line = this.#state === "inside" ? this.#began : this.#line;
    return new ApeError("DATA_INVALID", `${this.#file}:${line}: ${what}`, { cause, hint });
  }
}

const SAME_COLUMNS = 'Give every row the same columns, each once; one without a value has "".';
const HINT = 'The file is a list with an object for each row: [{"email": "a@b.c"}].';
