import { isJsonObject, type Json } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
import { readTables } from "@ape/core/protocol/list-table";
import {
  TABLE_MARK,
  unfoldNote,
  type View,
  type ViewAnswer,
  type ViewCall,
  type ViewDone,
  type ViewFact,
} from "@ape/core/protocol/view";

/** A past call with its answer, parsed. */
export interface ViewResult extends Omit<ViewAnswer, "body" | "table"> {
  body: Json;
}

/** A view, parsed from its text. */
export interface ReadView extends Omit<View, "results"> {
  results: readonly ViewResult[];
}

const CALL = /^(\d+)\. ([\w-]*): (.*) -> (\d+)(?: \((.*)\))?$/;
const FACT = /^(.+?): ("(?:[^"\\]|\\.)*") \((.*)\)$/;

/** Parses the text of a view (`renderView` of `@ape/core/view`); a missing section is empty. */
export function parseView(text: string): ReadView {
  const view = { goal: "", facts: [], trail: [], dropped: 0, results: [] } as unknown as ReadView & {
    facts: ViewFact[];
    trail: ViewCall[];
    results: ViewResult[];
  };
  let section = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("# ")) section = line.slice(2);
    else if (line === "") section = section === "Last answers" ? section : "";
    else if (section === "Goal") view.goal = line;
    else if (section === "Who you are") view.persona = line;
    else if (section === "Problem") view.problem = line;
    else if (section === "What you know" || section === "What you have") {
      const fact = FACT.exec(line);
      if (fact !== null)
        view.facts.push({
          name: fact[1] ?? "",
          value: JSON.parse(fact[2] ?? '""') as string,
          origin: fact[3] ?? "",
        });
    } else if (section === "Done so far") {
      const dropped = /^\((\d+) earlier/.exec(line);
      if (dropped !== null) view.dropped = Number(dropped[1]);
      const done = dropped === null ? [] : readDone(line);
      if (done.length > 0) view.done = done;
      const call = readCall(line);
      if (call !== undefined) view.trail.push(call);
    } else if (section === "Last answers") readResult(view.results, line);
    else if (section === "Now") readNow(view, line);
  }
  for (const { headers: _headers, body: _body, sent: _sent, said: _said, ...call } of view.results)
    view.trail.push(call);
  view.trail = view.trail.sort((a, b) => a.step - b.step).flatMap(unfolded);
  for (const result of view.results) {
    const { note } = unfoldNote(result.note);
    if (note === undefined) delete result.note;
    else result.note = note;
  }
  return view;
}

const DONE = /(\d+) x ([\w-]*): (.+?)(?=, \d+ x |\)$)/g;

function readDone(line: string): ViewDone[] {
  const [, list] = line.split("; done: ", 2);
  return Array.from((list ?? "").matchAll(DONE), ([, times, target = "", operation = ""]) => ({
    target,
    operation,
    times: Number(times),
  }));
}

function readNow(view: ReadView, line: string): void {
  const today = /^Today is (.+)\.$/.exec(line)?.[1];
  const left = /^Steps left: (\d+)$/.exec(line)?.[1];
  if (today !== undefined) view.today = today;
  if (left !== undefined) view.stepsLeft = Number(left);
}

/** Repeats a call as often as it was made. */
function unfolded({ note: noted, ...call }: ViewCall): ViewCall[] {
  const { times, note } = unfoldNote(noted);
  return Array.from({ length: times }, () => (note === undefined ? { ...call } : { ...call, note }));
}

function readCall(line: string): ViewCall | undefined {
  const match = CALL.exec(line);
  if (match === null) return undefined;
  const call: ViewCall = {
    step: Number(match[1]),
    target: match[2] ?? "",
    call: match[3] ?? "",
    status: Number(match[4]),
  };
  if (match[5] !== undefined) call.note = match[5];
  return call;
}

function readResult(results: ViewResult[], line: string): void {
  const call = readCall(line);
  const last = results.at(-1);
  if (call !== undefined) results.push({ ...call, body: null });
  else if (last !== undefined && line.startsWith("headers ")) {
    const headers: unknown = JSON.parse(line.slice(8));
    if (isJsonObject(headers)) last.headers = headers as Record<string, string>;
  } else if (last !== undefined && line.startsWith("said ")) last.said = String(JSON.parse(line.slice(5)));
  else if (last !== undefined && line.startsWith("sent headers ")) {
    const sent: unknown = JSON.parse(line.slice(13));
    if (isJsonObject(sent)) last.sent = sent as Record<string, string>;
  } else if (last !== undefined && line.startsWith(TABLE_MARK))
    last.body = readTables(parseJson(line.slice(TABLE_MARK.length)) as Json);
  else if (last !== undefined && line.startsWith("body ")) last.body = parseJson(line.slice(5)) as Json;
}
