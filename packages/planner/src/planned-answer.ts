/** What a model answers: text, or calls of the tools that it was given. */
export interface PlannedAnswer {
  content: string;
  toolCalls: { name: string; arguments: string }[];
}
