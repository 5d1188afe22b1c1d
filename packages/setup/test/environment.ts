import { ApeError } from "@ape/core/lib/errors";
import type { SetupEnvironment, TargetInspection, UrlAnswer } from "../src/answers/environment.ts";
import type { Imported } from "../src/import/imported.ts";

/** For tests: a world in which a target looks as told, and nothing else answers. */
export function testEnvironment(options: {
  look?: TargetInspection;
  pages?: Readonly<Record<string, Partial<UrlAnswer>>>;
  environment?: Record<string, string>;
  services?: { file: string; services: { name: string; url: string }[] };
  /** Ports that are taken. */
  taken?: readonly number[];
  imported?: Imported;
  directory?: string;
}): SetupEnvironment & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const { look = { reachable: true }, pages = {}, environment = {}, directory = "/project" } = options;
  const read: SetupEnvironment["read"] = async (url) => {
    asked.push(url);
    const page = pages[url];
    return page === undefined ? undefined : { status: 200, type: "text/plain", text: "", ...page };
  };
  return {
    environment,
    cwd: directory,
    directory,
    providers: {
      simulated: { simulated: true, free: true, defaultModel: "simulated" },
      cerebras: {
        keyVariable: "CEREBRAS_API_KEY",
        defaultModel: "gpt-oss-120b",
        baseUrl: "https://api.cerebras.ai/v1",
      },
      openai: {
        keyVariable: "OPENAI_API_KEY",
        defaultModel: "gpt-4.1-mini",
        baseUrl: "https://api.openai.com/v1",
      },
      groq: { keyVariable: "GROQ_API_KEY", baseUrl: "https://api.groq.com/openai/v1" },
      openrouter: { keyVariable: "OPENROUTER_API_KEY", baseUrl: "https://openrouter.ai/api/v1" },
      mistral: { keyVariable: "MISTRAL_API_KEY", baseUrl: "https://api.mistral.ai/v1" },
      deepseek: { keyVariable: "DEEPSEEK_API_KEY", baseUrl: "https://api.deepseek.com/v1" },
      gemini: { keyVariable: "GEMINI_API_KEY", baseUrl: "https://gemini.test/v1" },
      azure: { keyVariable: "AZURE_OPENAI_API_KEY" },
      ollama: { baseUrl: "http://127.0.0.1:11434/v1", free: true },
      vllm: { baseUrl: "http://127.0.0.1:8000/v1", free: true },
      llamacpp: { defaultModel: "default", baseUrl: "http://127.0.0.1:8080/v1", free: true },
      custom: {},
    },
    look: async () => look,
    services: async () => options.services,
    isFree: async (port) => options.taken?.includes(port) !== true,
    importFrom: async (_kind, source) => {
      if (options.imported === undefined)
        throw new ApeError("FILE_MISSING", `${source} cannot be read`, { hint: "Name another." });
      return { imported: options.imported };
    },
    read,
    asked,
    isPublic: (url) => url.includes("public"),
  };
}
