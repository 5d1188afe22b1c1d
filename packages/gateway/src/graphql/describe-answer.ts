import type { ApiField, TypeCondition } from "@ape/core/protocol/api";
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { schemaType, words } from "./schema-type.ts";
import { isErrorType } from "./selection.ts";

const MAX_DEPTH = 4;
const MAX_FIELDS = 60;
/** A longer enumeration says little of an answer: all currencies or languages. */
const MAX_VALUES = 30;
/** Of a union or interface with more members only the first are described. */
const MAX_MEMBERS = 12;

/** A value of an answer whose fields are still to be described. */
interface Part {
  type: GraphQLOutputType;
  name: string;
  depth: number;
  onTypes: readonly TypeCondition[];
  /** Names of the object types around it. */
  above: ReadonlySet<string>;
  /** Whether its type represents an error: only its own leaves are described. */
  isError: boolean;
}

/** A described field, and the type that it has in the schema. */
interface Described {
  field: ApiField;
  type: string;
}

/** Describes what queries or mutations answer. */
export class AnswerDescriber {
  readonly #schema: GraphQLSchema;
  readonly #ofMutation: boolean;
  readonly #errors = new Map<string, boolean>();

  constructor(schema: GraphQLSchema, ofMutation: boolean) {
    this.#schema = schema;
    this.#ofMutation = ofMutation;
  }

  /**
   * The leaves below a type that a query can select without arguments of its own: outer ones before inner ones, bounded,
   * without recursion into a type. Members of unions and interfaces are named with each of their fields.
   */
  fieldsOf(type: GraphQLOutputType): ApiField[] {
    const found = new Map<string, Described[]>();
    const parts: Part[] = [{ type, name: "", depth: 0, onTypes: [], above: new Set(), isError: false }];
    const size = (): number => [...found.values()].reduce((sum, { length }) => sum + length, 0);
    for (let at = 0; at < parts.length && size() < MAX_FIELDS; at += 1)
      this.#describe(parts[at] as Part, parts, found);
    // A selection must not be empty; every type has `__typename`.
    const root = parts[0] as Part;
    if (found.size === 0 && !isLeafType(getNamedType(type))) addTypename(withLists(root), found);
    return [...found.values()]
      .flat()
      .map(({ field }) => field)
      .slice(0, MAX_FIELDS);
  }

  #describe(part: Part, parts: Part[], found: Map<string, Described[]>): void {
    const { type } = part;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      this.#describe({ ...part, type: nullable.ofType, name: `${part.name}[]` }, parts, found);
      return;
    }
    if (isObjectType(nullable) || isInterfaceType(nullable)) {
      if (part.above.has(nullable.name)) return;
      const above = new Set(part.above).add(nullable.name);
      for (const field of Object.values(nullable.getFields()))
        this.#add(field, { ...part, above }, parts, found);
    }
    if (isAbstractType(nullable)) this.#addMembers(nullable, part, parts, found);
  }

  #add(
    field: GraphQLField<unknown, unknown>,
    { name: outer, depth, onTypes, above, isError }: Part,
    parts: Part[],
    found: Map<string, Described[]>,
  ): void {
    if (field.args.some(isRequiredArgument)) return;
    const name = outer === "" ? field.name : `${outer}.${field.name}`;
    const named = getNamedType(field.type);
    if (!isLeafType(named)) {
      if (depth < MAX_DEPTH && !isError)
        parts.push({ type: field.type, name, depth: depth + 1, onTypes, above, isError });
      return;
    }
    const description = field.description ?? (/^(?:Money|Price)$/.test(named.name) ? "amount of money" : "");
    const { enum: values, minimum: _, maximum: __, ...type } = schemaType(field.type);
    keep(found, String(field.type), {
      in: "answer",
      name,
      required: false,
      description: words(description),
      ...type,
      ...(values === undefined || values.length > MAX_VALUES ? {} : { enum: values }),
      ...(onTypes.length === 0 ? {} : { onTypes }),
    });
  }

  /** The fields of a union's or an interface's members; those that represent errors come last. */
  #addMembers(
    type: Parameters<GraphQLSchema["getPossibleTypes"]>[0],
    part: Part,
    parts: Part[],
    found: Map<string, Described[]>,
  ): void {
    const members = this.#schema
      .getPossibleTypes(type)
      .map((member) => ({ member, isError: this.#isError(member) }))
      .sort((one, two) => Number(one.isError) - Number(two.isError))
      .slice(0, MAX_MEMBERS);
    const shared = isInterfaceType(type) ? type.getFields() : {};
    const shapes = new Map<string, string>();
    for (const { member, isError } of members) {
      if (part.above.has(member.name)) continue;
      const own: Part = {
        ...part,
        isError,
        above: new Set(part.above).add(member.name),
        onTypes: [...part.onTypes, { at: part.name, types: [member.name] }],
      };
      for (const field of Object.values(member.getFields())) {
        const shape = shapeOf(field.type);
        if (field.name in shared || (shapes.get(field.name) ?? shape) !== shape) continue;
        shapes.set(field.name, shape);
        this.#add(field, own, parts, found);
      }
    }
  }

  #isError({ name }: GraphQLObjectType): boolean {
    let known = this.#errors.get(name);
    if (known === undefined) {
      known = isErrorType(name, this.#schema, this.#ofMutation);
      this.#errors.set(name, known);
    }
    return known;
  }
}

/**
 * What members of a union must agree on where they have a field of the same name (specification, section 5.3.2): the type
 * of a leaf, whether an object is in a list and may be null.
 */
const shapeOf = (type: GraphQLOutputType): string =>
  isLeafType(getNamedType(type)) ? String(type) : String(type).replace(/\w+/, "{}");

/** The part with `[]` in its name for each list around its type. */
function withLists(part: Part): Part {
  const nullable = getNullableType(part.type);
  return isListType(nullable) ? withLists({ ...part, type: nullable.ofType, name: `${part.name}[]` }) : part;
}

function addTypename({ name }: Part, found: Map<string, Described[]>): void {
  const own = name === "" ? "__typename" : `${name}.__typename`;
  keep(found, "String!", { in: "answer", name: own, type: "string", required: false, description: "" });
}

/**
 * Keeps a field. One name of several members is one field if its type is the same, and is left out of the later ones if it
 * is not: a query that selects both is invalid.
 */
function keep(found: Map<string, Described[]>, type: string, field: ApiField): void {
  const known = found.get(field.name);
  if (known === undefined) {
    found.set(field.name, [{ field, type }]);
    return;
  }
  if (known.some((one) => one.type !== type)) return;
  const before = field.onTypes?.slice(0, -1) ?? [];
  const last = field.onTypes?.at(-1);
  const like = known.find(({ field: { onTypes = [] } }) => {
    const { at } = onTypes.at(-1) ?? {};
    return at === last?.at && JSON.stringify(onTypes.slice(0, -1)) === JSON.stringify(before);
  });
  if (like === undefined || last === undefined) {
    known.push({ field, type });
    return;
  }
  const types = new Set([...(like.field.onTypes?.at(-1)?.types ?? []), ...last.types]);
  like.field = { ...like.field, onTypes: [...before, { at: last.at, types: [...types] }] };
}
