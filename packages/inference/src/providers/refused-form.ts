/** Names for forms of a request among the fields that `refusedFields` returns. */
export const SYSTEM_ROLE = "system role";
export const TOOL_SCHEMAS = "schemas of tools";

/** Words for what servers make of a schema to constrain an answer. */
const CONSTRAINT =
  /grammar|(?:json|tool|function|response)[ _-]?schema|guided[ _-](?:decoding|json|generation)|structured[ _-]outputs?|constrained (?:decoding|generation|output)|xgrammar|outlines|lm-format-enforcer|llguidance|json[ _-]mode|unrecognized schema|schema conversion|schema (?:produces|exceeds|is (?:too|not|in))|\bschema in\b|nesting depth|\bGBNF\b|function_?declarations?|proto field is not repeating|\b(?:any_?of|one_?of)\b|invalid (?:parameters|function) (?:schema|parameters)|invalid schema for\b|schema missing\b/i;
/** Words that refuse it, or say that it failed. */
const FAILS =
  /fail|invalid|unsupported|unrecogni[sz]ed|unknown|unexpected|not (?:be )?(?:support|valid|enabled|allowed|permitted|available|implemented|compatible)|cannot|can't|could not|unable|does(?:n't| not)|only|error|exceed|too (?:many|complex|deep|large)|incompatible|disabled|should be|must be|did ?n.t specify|missing/i;

const SYSTEM =
  /system (?:role|messages?|prompts?|instructions?) (?:is |are )?(?:not|un)\W?(?:supported|allowed|available)|does not support (?:the )?system|role ["'`]?system["'`]? (?:is )?(?:not|unsupported|invalid)|only user(?:,| and) (?:and )?assistant (?:and \w+ )?roles|roles must alternate|developer instruction is not enabled|\bmessages["\][.,\s]{1,4}0["\][.,\s]{1,4}role\b/i;

const STREAM =
  /\bstream(?:ing|ed)?\b(?: mode| responses?| output)?["'`]?(?: (?:parameter|option|field|value))? (?:is |are |mode is )?(?:not|un)\W?(?:supported|available|enabled|allowed|implemented)|(?:does not|doesn't|cannot|can't) (?:support )?(?:be )?stream|\bstream["'`]? (?:does not support|must be (?:false|off|unset|omitted)|cannot be)|\bcannot use \w+ with stream\b|without stream(?:ing)?\b|only (?:supports )?non-?stream/i;

/**
 * The form of a request that the words of a refusal are about, if they name no field: `response_format` or
 * {@link TOOL_SCHEMAS}, whose schemas the server could not use, {@link SYSTEM_ROLE}, or `stream`. Sources: the errors of
 * llama.cpp, vLLM, SGLang, TGI, LM Studio, Ollama, Azure, Gemini, and of chat templates.
 * @param sent names of the request's fields
 */
export function refusedForm(refusal: string, sent: ReadonlySet<string>): string | undefined {
  if (sent.has("messages") && SYSTEM.test(refusal)) return SYSTEM_ROLE;
  if (sent.has("stream") && STREAM.test(refusal)) return "stream";
  if (!CONSTRAINT.test(refusal) || !FAILS.test(refusal)) return undefined;
  if (sent.has("response_format")) return "response_format";
  return sent.has("tools") ? TOOL_SCHEMAS : undefined;
}
