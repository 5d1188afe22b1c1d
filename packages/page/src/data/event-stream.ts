/** One message of a server-sent event stream. */
export interface StreamMessage {
  event: string;
  data: string;
}

/** Splits the text of a server-sent event stream into messages. Source: HTML, section 9.2.6. */
export class StreamParser {
  #rest = "";

  /** Returns the messages that the text completes. */
  push(text: string): StreamMessage[] {
    const messages: StreamMessage[] = [];
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) {
      let event = "message";
      const data: string[] = [];
      for (const line of block.split("\n")) {
        if (line.startsWith("event:")) event = line.slice("event:".length).trim();
        else if (line.startsWith("data:")) data.push(line.slice("data:".length).replace(/^ /, ""));
      }
      if (data.length > 0) messages.push({ event, data: data.join("\n") });
    }
    return messages;
  }
}
