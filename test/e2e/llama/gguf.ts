import { randomFrom } from "@ape/core/lib/random";

/** Value types of GGUF, version 3. Source: the GGUF specification of ggml. */
const UINT32 = 4;
const INT32 = 5;
const FLOAT32 = 6;
const STRING = 8;
const ARRAY = 9;
const ALIGNMENT = 32;

/** Kinds of tokens in the vocabulary. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;

const WIDTH = 64;
const HIDDEN = 128;
const HEADS = 2;
const CONTEXT = 8_192;

class Writer {
  readonly #parts: Buffer[] = [];
  length = 0;

  bytes(part: Buffer): this {
    this.#parts.push(part);
    this.length += part.length;
    return this;
  }

  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    return this.bytes(part);
  }

  u64(value: number): this {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    return this.bytes(part);
  }

  f32(values: readonly number[]): this {
    return this.bytes(Buffer.from(Float32Array.from(values).buffer));
  }

  text(value: string): this {
    const part = Buffer.from(value);
    return this.u64(part.length).bytes(part);
  }

  pad(): this {
    const over = this.length % ALIGNMENT;
    return over === 0 ? this : this.bytes(Buffer.alloc(ALIGNMENT - over));
  }

  whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/**
 * A language model of one layer with random weights, as a GGUF file: it knows nothing, but an inference engine runs it
 * like any other, and a grammar makes its answers tool calls. Its tokens are the 256 bytes.
 */
export function randomModel(seed: number): Buffer {
  const random = randomFrom(seed);
  const tokens = ["<unk>", "<s>", "</s>"];
  const kinds = [UNKNOWN, CONTROL, CONTROL];
  for (let byte = 0; byte < 256; byte += 1) {
    tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
    kinds.push(BYTE);
  }
  tokens.push("▁");
  kinds.push(NORMAL);

  const entries: ((to: Writer) => void)[] = [];
  const number = (key: string, value: number): void =>
    void entries.push((to) => to.text(key).u32(UINT32).u32(value));
  const text = (key: string, value: string): void =>
    void entries.push((to) => to.text(key).u32(STRING).text(value));
  text("general.architecture", "llama");
  text("general.name", "random");
  number("llama.context_length", CONTEXT);
  number("llama.embedding_length", WIDTH);
  number("llama.block_count", 1);
  number("llama.feed_forward_length", HIDDEN);
  number("llama.attention.head_count", HEADS);
  number("llama.attention.head_count_kv", HEADS);
  number("llama.rope.dimension_count", WIDTH / HEADS);
  number("llama.vocab_size", tokens.length);
  entries.push((to) => to.text("llama.attention.layer_norm_rms_epsilon").u32(FLOAT32).f32([1e-5]));
  text("tokenizer.ggml.model", "llama");
  entries.push((to) => {
    to.text("tokenizer.ggml.tokens").u32(ARRAY).u32(STRING).u64(tokens.length);
    for (const token of tokens) to.text(token);
  });
  entries.push((to) =>
    to
      .text("tokenizer.ggml.scores")
      .u32(ARRAY)
      .u32(FLOAT32)
      .u64(tokens.length)
      .f32(tokens.map(() => 0)),
  );
  entries.push((to) => {
    to.text("tokenizer.ggml.token_type").u32(ARRAY).u32(INT32).u64(kinds.length);
    for (const kind of kinds) to.u32(kind);
  });
  number("tokenizer.ggml.unknown_token_id", 0);
  number("tokenizer.ggml.bos_token_id", 1);
  number("tokenizer.ggml.eos_token_id", 2);

  const layer = "blk.0.";
  const tensors: readonly (readonly [name: string, ...dimensions: number[]])[] = [
    ["token_embd.weight", WIDTH, tokens.length],
    [`${layer}attn_norm.weight`, WIDTH],
    [`${layer}attn_q.weight`, WIDTH, WIDTH],
    [`${layer}attn_k.weight`, WIDTH, WIDTH],
    [`${layer}attn_v.weight`, WIDTH, WIDTH],
    [`${layer}attn_output.weight`, WIDTH, WIDTH],
    [`${layer}ffn_norm.weight`, WIDTH],
    [`${layer}ffn_gate.weight`, WIDTH, HIDDEN],
    [`${layer}ffn_up.weight`, WIDTH, HIDDEN],
    [`${layer}ffn_down.weight`, HIDDEN, WIDTH],
    ["output_norm.weight", WIDTH],
    ["output.weight", WIDTH, tokens.length],
  ];

  const file = new Writer().bytes(Buffer.from("GGUF")).u32(3).u64(tensors.length).u64(entries.length);
  for (const write of entries) write(file);
  let offset = 0;
  for (const [name, ...dimensions] of tensors) {
    file.text(name).u32(dimensions.length);
    for (const dimension of dimensions) file.u64(dimension);
    file.u32(0).u64(offset);
    const bytes = 4 * dimensions.reduce((product, dimension) => product * dimension, 1);
    offset += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  }
  file.pad();
  for (const [name, ...dimensions] of tensors) {
    const size = dimensions.reduce((product, dimension) => product * dimension, 1);
    const norm = name.includes("norm");
    file.f32(Array.from({ length: size }, () => (norm ? 1 : (random() - 0.5) * 0.3))).pad();
  }
  return file.whole();
}
