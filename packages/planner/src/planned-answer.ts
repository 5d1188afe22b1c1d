/** A model's answer: text, or calls of the offered tools. */
export interface PlannedAnswer {
  content: string;
  toolCalls: { name: string; arguments: string }[];
}
