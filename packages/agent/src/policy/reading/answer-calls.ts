import type { ModelAnswer } from "@ape/core/protocol/chat";
import { callsInArguments, callsInText } from "./calls-in-text.ts";
import type { IsTool, WrittenCall } from "./written-call.ts";

type Said = Pick<ModelAnswer, "toolCalls" | "content">;

/** The calls of known tools that an answer holds as text in place of tool calls. */
export function textCalls({ toolCalls, content }: Said, isTool: IsTool): WrittenCall[] {
  return toolCalls.length > 0 || content === "" ? [] : callsInText(content, isTool);
}

/** The calls of an answer, with those that calls of no tool hold in their place. */
export function unwrappedCalls({ toolCalls }: Said, isTool: IsTool): readonly WrittenCall[] {
  if (toolCalls.every(({ name }) => isTool(name))) return toolCalls;
  return toolCalls.flatMap((call) =>
    isTool(call.name) ? call : (callsInArguments(call.arguments, isTool) ?? call),
  );
}
