import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { jetstream, StorageType } from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { systemClock as clock } from "../host/clock.ts";
import { placeBelow } from "../host/place-below.ts";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "../store/private-mode.ts";
import { resultFiles } from "../store/run-files.ts";
import { connectNats, type NatsBusOptions } from "./nats-connection.ts";

/** How long the server may take to answer, in milliseconds. */
const CONNECT_MS = 30_000;
const CHUNK_BYTES = 256 * 1024;

/** Opens the object store with the results of a run, on a connection of its own. */
async function openStore(
  options: NatsBusOptions,
  isMade: boolean,
): Promise<{ store: ObjectStore; close: () => Promise<void> }> {
  const connection = await connectNats(options, clock.now() + CONNECT_MS);
  try {
    const name = `ape-${options.run}-results`;
    const stores = new Objm(jetstream(connection));
    const store = await (isMade
      ? stores.create(name, { storage: StorageType.File, replicas: options.replicas ?? 1 })
      : stores.open(name));
    return { store, close: () => connection.close() };
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
}

/**
 * Puts the folder of a run into the object store of its message bus, each file by its path.
 * @throws ApeError CONTAINERS_FAILED
 */
export async function archiveRun(options: NatsBusOptions, directory: string): Promise<void> {
  const { store, close } = await openStore(options, true);
  try {
    for (const { file, name } of await resultFiles(directory)) {
      const bytes = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
      await store.put({ name, options: { max_chunk_size: CHUNK_BYTES } }, bytes);
    }
  } finally {
    await close();
  }
}

/**
 * Writes the results of a run into a folder, from the object store of its message bus.
 * @returns number of files
 * @throws ApeError RUN_NOT_FOUND if there are none, CONTAINERS_FAILED if the message bus does not answer
 */
export async function fetchRun(options: NatsBusOptions, directory: string): Promise<number> {
  const missing = (cause?: unknown): ApeError =>
    new ApeError("RUN_NOT_FOUND", `the message bus of run ${options.run} has no results`, {
      cause,
      hint: "The engine puts them there when the run has ended.",
    });
  const { store, close } = await openStore(options, false).catch((thrown: unknown) => {
    throw /not found/i.test(messageOf(thrown)) ? missing(thrown) : thrown;
  });
  try {
    const files = await store.list();
    if (files.length === 0) throw missing();
    await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    for (const { name } of files) {
      const file = placeBelow(directory, name);
      if (file === undefined) continue;
      await mkdir(dirname(file), { recursive: true, mode: PRIVATE_DIRECTORY });
      const found = await store.get(name);
      if (found === null) continue;
      await pipeline(
        Readable.fromWeb(found.data as Parameters<typeof Readable.fromWeb>[0]),
        createWriteStream(file, { mode: PRIVATE_FILE }),
      );
      const fault = await found.error;
      if (fault instanceof Error) throw fault;
    }
    return files.length;
  } finally {
    await close();
  }
}
