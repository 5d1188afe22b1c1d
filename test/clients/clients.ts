/**
 * An OpenAI client that is installed on demand: its packages, and a program that makes one call and prints the answer.
 */
export interface ForeignClient {
  name: string;
  language: "python" | "node";
  packages: readonly string[];
  /** Reads the base URL from BASE_URL and prints the answer's text. */
  program: string;
}

export const FOREIGN_CLIENTS: readonly ForeignClient[] = [
  {
    name: "openai (PyPI)",
    language: "python",
    packages: ["openai"],
    program: `
import os
from openai import OpenAI
client = OpenAI(base_url=os.environ["BASE_URL"], api_key="sk-client", max_retries=0)
ask = dict(model="stub", messages=[{"role": "user", "content": "Grüße"}], temperature=0.3)
print(client.chat.completions.create(**ask).choices[0].message.content)
chunks = client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True})
print("".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices))
`,
  },
  {
    name: "litellm",
    language: "python",
    packages: ["litellm"],
    program: `
import os
import litellm
ask = dict(model="openai/stub", api_base=os.environ["BASE_URL"], api_key="sk-client", max_retries=0,
           messages=[{"role": "user", "content": "Grüße"}], max_tokens=7)
print(litellm.completion(**ask).choices[0].message.content)
print("".join(chunk.choices[0].delta.content or "" for chunk in litellm.completion(**ask, stream=True) if chunk.choices))
`,
  },
  {
    name: "langchain-openai",
    language: "python",
    packages: ["langchain-openai"],
    program: `
import os
from langchain_openai import ChatOpenAI
model = ChatOpenAI(base_url=os.environ["BASE_URL"], api_key="sk-client", model="stub", max_retries=0)
print(model.invoke("Grüße").content)
print("".join(chunk.content for chunk in model.stream("Grüße")))
`,
  },
  {
    name: "ai (Vercel)",
    language: "node",
    packages: ["ai", "@ai-sdk/openai-compatible"],
    program: `
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
const provider = createOpenAICompatible({ name: "stub", baseURL: process.env.BASE_URL, apiKey: "sk-client" });
const ask = { model: provider("stub"), prompt: "Grüße", maxRetries: 0 };
console.log((await generateText(ask)).text);
let text = "";
for await (const part of streamText(ask).textStream) text += part;
console.log(text);
`,
  },
];
