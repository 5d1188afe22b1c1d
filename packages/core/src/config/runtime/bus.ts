import { z } from "zod";
import { bytes, positiveRunDuration } from "../scalar.ts";

const credentials = z
  .strictObject({
    file: z.string().min(1).optional().describe("A NATS credentials file (`.creds`)."),
    user: z.string().min(1).optional(),
    password: z.string().optional(),
    token: z.string().min(1).optional(),
  })
  .refine(
    ({ file, user, token }) => [file, user, token].filter((one) => one !== undefined).length === 1,
    "give one of file, user (with password) and token",
  );

/** The message bus between the parts of a run that runs in containers. */
export const busSettings = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^(?:nats|tls):\/\/[^\s,@/]+(?:,(?:nats|tls):\/\/[^\s,@/]+)*$/,
        "addresses such as nats://nats.example:4222, separated by commas and without credentials, are expected",
      )
      .optional()
      .describe(
        "An existing NATS with JetStream in place of the run's own. Runs that must not read each other need accounts of their own.",
      ),
    credentials: credentials.optional().describe("How `url` is entered."),
    tls: z
      .strictObject({
        ca: z.string().optional().describe("PEM file of the authority that signed the server's certificate."),
        cert: z.string().optional().describe("PEM file of the client certificate."),
        key: z.string().optional().describe("PEM file of the client certificate's key."),
      })
      .prefault({}),
    replicas: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .describe("Servers of `url` that store each message; more than 1 survives the loss of a server."),
    maxBytes: bytes
      .optional()
      .describe("Size limit of a run's stream; a full one ends the run. Some accounts require one."),
    maxAge: positiveRunDuration.default(2_592_000_000).describe("Age at which the stream deletes messages."),
  })
  .refine(
    ({ url, credentials: how, tls, replicas }) =>
      url !== undefined || (how === undefined && Object.keys(tls).length === 0 && replicas === 1),
    "`credentials`, `tls` and `replicas` are those of an existing NATS: `url` is missing",
  );

export type BusSettings = z.output<typeof busSettings>;

/** Whether a run in containers has a NATS server of its own. */
export const hasOwnBus = ({ bus }: { bus: Pick<BusSettings, "url"> }): boolean => bus.url === undefined;

/** How a process reaches the message bus of its run, with the contents of credential files. */
export interface BusAccess {
  /** `nats://127.0.0.1:4222`, or several separated by commas. */
  url: string;
  token?: string;
  /** The token is the run's, which a role gets apart from this. */
  runToken?: true;
  user?: string;
  password?: string;
  /** Content of a NATS credentials file. */
  creds?: string;
  /** PEM texts. */
  tls?: { ca?: string; cert?: string; key?: string };
  replicas?: number;
  /** Size limit of the run's stream, in bytes. */
  maxBytes?: number;
  /** Milliseconds after which the stream deletes a message. */
  maxAgeMs?: number;
}
