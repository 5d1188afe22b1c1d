import { GraphQLError } from "graphql";
import { createSchema, createYoga } from "graphql-yoga";
import { listenOnLoopback } from "./loopback.ts";

/**
 * A second GraphQL API, in another style than the bazaar: connections of edges and nodes, inputs and payloads of their
 * own.
 */
export interface Clinic {
  url: string;
  rows: readonly { patient: string; pin: string }[];
  confirmed(): readonly { patient: string; fee: number }[];
  close(): Promise<void>;
}

const SCHEMA = `
  type Query {
    "Search for free appointments"
    openings(filter: OpeningFilter, first: Int = 4, after: String): OpeningConnection!
    "Appointments of the patient"
    mine: [Appointment!]!
  }
  input OpeningFilter { "Highest fee in dollars" feeUpTo: Float }
  type OpeningConnection { edges: [OpeningEdge!]! pageInfo: PageInfo! }
  type OpeningEdge { cursor: String! node: Opening! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Opening { id: ID! "Name of the doctor" doctor: String! "Fee in dollars" fee: Float! }
  type Mutation {
    "Log in as a patient"
    enter("Number of the patient" patient: String!, "Secret pin" pin: String!): EnterPayload!
    "Reserve an appointment"
    reserve(input: ReserveInput!): ReservePayload!
    "Confirm a reserved appointment"
    confirm(input: ConfirmInput!): ConfirmPayload!
  }
  type EnterPayload { "Token for later calls" accessToken: String! }
  input ReserveInput { "Id of the opening" openingId: ID! note: String }
  type ReservePayload { appointment: Appointment! }
  input ConfirmInput { "Id of the appointment" appointmentId: ID! }
  type ConfirmPayload { appointment: Appointment! }
  type Appointment { id: ID! state: String! opening: Opening! }
`;

type Context = { request: Request };

export async function startClinic(patients = 30): Promise<Clinic> {
  const rows = Array.from({ length: patients }, (_, index) => ({
    patient: `P-${1000 + index}`,
    pin: `pin-${index * 31 + 5000}`,
  }));
  const openings = Array.from({ length: 14 }, (_, index) => ({
    id: `slot-${index}-${"abcdef"[index % 6]}`,
    doctor: `Dr ${index}`,
    fee: 150 - index * 10,
  }));
  const tokens = new Map<string, string>();
  const appointments = new Map<
    string,
    { id: string; state: string; opening: (typeof openings)[number]; patient: string }
  >();
  const confirmed: { patient: string; fee: number }[] = [];
  const who = ({ request }: Context): string => {
    const patient = tokens.get((request.headers.get("authorization") ?? "").replace("Bearer ", ""));
    if (patient === undefined) throw new GraphQLError("log in first");
    return patient;
  };
  const yoga = createYoga<object>({
    logging: false,
    graphqlEndpoint: "/api",
    schema: createSchema<object>({
      typeDefs: SCHEMA,
      resolvers: {
        Query: {
          openings: (_: unknown, args: { filter?: { feeUpTo?: number }; first: number; after?: string }) => {
            const all = openings.filter(({ fee }) => fee <= (args.filter?.feeUpTo ?? 1_000));
            const from =
              args.after === undefined || args.after === null
                ? 0
                : all.findIndex(({ id }) => id === args.after) + 1;
            const nodes = all.slice(from, from + args.first);
            return {
              edges: nodes.map((node) => ({ cursor: node.id, node })),
              pageInfo: { hasNextPage: from + args.first < all.length, endCursor: nodes.at(-1)?.id ?? null },
            };
          },
          mine: (_: unknown, __: unknown, context: Context) => {
            const patient = who(context);
            return [...appointments.values()].filter((one) => one.patient === patient);
          },
        },
        Mutation: {
          enter: (_: unknown, { patient, pin }: { patient: string; pin: string }) => {
            if (!rows.some((row) => row.patient === patient && row.pin === pin))
              throw new GraphQLError("unknown patient or pin");
            const accessToken = `at-${patient}-${Math.random().toString(36).slice(2)}`;
            tokens.set(accessToken, patient);
            return { accessToken };
          },
          reserve: (_: unknown, { input }: { input: { openingId: string } }, context: Context) => {
            const patient = who(context);
            const opening = openings.find(({ id }) => id === input.openingId);
            if (opening === undefined) throw new GraphQLError("no such opening");
            const id = `ap-${appointments.size + 1}-${patient}`;
            const appointment = { id, state: "reserved", opening, patient };
            appointments.set(id, appointment);
            return { appointment };
          },
          confirm: (_: unknown, { input }: { input: { appointmentId: string } }, context: Context) => {
            const patient = who(context);
            const appointment = appointments.get(input.appointmentId);
            if (appointment?.patient !== patient) throw new GraphQLError("no such appointment");
            appointment.state = "confirmed";
            confirmed.push({ patient, fee: appointment.opening.fee });
            return { appointment };
          },
        },
      },
    }),
  });
  const server = await listenOnLoopback((request, response) => void yoga(request, response));
  return {
    url: `${server.url}/api`,
    rows,
    confirmed: () => confirmed,
    close: () => server.close(),
  };
}
