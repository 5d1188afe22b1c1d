/** The ends of nouns for a person who does something: `teacher`, `conservator`, `therapist`, `assignee`, `tenant`, `guardian`. */
const AGENT = /(?:er|or|ist|ee|ant|ian)$/;

/** Whether a noun may name a person by what that person does, by its end: so do some things, a `number` or a `floor`. */
export const isAgentNoun = (noun: string): boolean => AGENT.test(noun);
