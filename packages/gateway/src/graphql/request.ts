import { createHash } from "node:crypto";
import { isComposite, type Json, type JsonObject } from "@ape/core/lib/json";
import { withDoubles } from "@ape/core/lib/lossless-number";
import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
  visit,
} from "graphql";
import { isErrorType, type SelectedField, selectedFields } from "./selection.ts";

const KEPT = 500;
const MAX_ERRORS = 3;
/** Maximum number of tokens of a document, which protects the parser. */
const MAX_TOKENS = 4_000;

/** A parsed document: ready to be sent, or what is wrong with it. */
export type ReadRequest =
  | {
      ok: true;
      kind: "query" | "mutation";
      roots: readonly string[];
      hash: string;
      node: OperationDefinitionNode;
      /** The selected fields, by the keys of the answer. */
      fields: ReadonlyMap<string, SelectedField>;
    }
  | { ok: false; problem: string };

/** Parses and validates documents against a schema, each once: agents repeat them. */
export class RequestReader {
  readonly #schema: GraphQLSchema;
  readonly #known = new Map<string, ReadRequest>();
  readonly #errorTypes = new Map<string, boolean>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Whether a type represents an error, or of a mutation's union for a refusal. */
  readonly isErrorType = (name: string, ofMutation: boolean): boolean => {
    const key = `${ofMutation} ${name}`;
    let known = this.#errorTypes.get(key);
    if (known === undefined) {
      known = isErrorType(name, this.#schema, ofMutation);
      if (this.#errorTypes.size < KEPT) this.#errorTypes.set(key, known);
    }
    return known;
  };

  read(query: string, operationName: string | undefined): ReadRequest {
    const key = `${operationName ?? ""}\n${query}`;
    let read = this.#known.get(key);
    if (read === undefined) {
      read = this.#parse(query, operationName);
      if (this.#known.size >= KEPT) this.#known.clear();
      this.#known.set(key, read);
    }
    return read;
  }

  /** Whether a request sends a value as an argument or a variable. */
  static sends(node: OperationDefinitionNode, variables: JsonObject | undefined): (value: Json) => boolean {
    let sent: Set<string> | undefined;
    return (value) => {
      sent ??= sentValues(node, variables);
      return sent.has(String(value));
    };
  }

  /** What is wrong with the variables of a document, or undefined. */
  wrongVariables(node: OperationDefinitionNode, variables: JsonObject): string | undefined {
    const { errors } = getVariableValues(
      this.#schema,
      node.variableDefinitions ?? [],
      withDoubles(variables),
      {
        maxErrors: MAX_ERRORS,
      },
    );
    return errors?.map(({ message }) => message).join("; ");
  }

  #parse(query: string, operationName: string | undefined): ReadRequest {
    const wrong = (problem: string): ReadRequest => ({ ok: false, problem });
    try {
      const document = parse(query, { maxTokens: MAX_TOKENS });
      const errors = validate(this.#schema, document, undefined, { maxErrors: MAX_ERRORS });
      if (errors.length > 0)
        return wrong(
          errors
            .slice(0, MAX_ERRORS)
            .map(({ message }) => message)
            .join("; "),
        );
      const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
      const node =
        operationName === undefined && operations.length === 1
          ? operations[0]
          : operations.find(({ name }) => name !== undefined && name.value === operationName);
      if (node === undefined)
        return wrong(
          operationName === undefined
            ? "several operations: give operation_name"
            : `there is no operation ${operationName}`,
        );
      if (node.operation === "subscription") return wrong("subscriptions are not supported");
      const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
      const roots = [...new Set(rootsOf(node.selectionSet, fragments))];
      const hash = createHash("sha256").update(query).digest("hex");
      const fields = selectedFields(
        node.selectionSet,
        fragments,
        this.#schema,
        node.operation === "mutation",
      );
      return { ok: true, kind: node.operation, roots, hash, node, fields };
    } catch (thrown) {
      return wrong(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

/** The scalars that a request sends, as texts. */
function sentValues(node: OperationDefinitionNode, variables: JsonObject | undefined): Set<string> {
  const sent = new Set<string>();
  const note = ({ value }: { value: string | boolean }): void => {
    sent.add(String(value));
  };
  visit(node, {
    BooleanValue: note,
    IntValue: note,
    FloatValue: note,
    StringValue: note,
    EnumValue: note,
    NullValue: () => {
      sent.add("null");
    },
  });
  const look = (value: Json): void => {
    if (!isComposite(value)) sent.add(String(value));
    else for (const one of Object.values(value as JsonObject)) look(one ?? null);
  };
  look(variables ?? {});
  return sent;
}

/** The root fields of a selection; validation has ensured that fragments have no cycle. */
function rootsOf(set: SelectionSetNode, fragments: readonly FragmentDefinitionNode[]): string[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.find(({ name }) => name.value === selection.name.value)?.selectionSet;
    return inner === undefined ? [] : rootsOf(inner, fragments);
  });
}
