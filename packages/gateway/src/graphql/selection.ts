import {
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";

/** A field of a query by its key in the answer, aliases resolved. */
export interface SelectedField {
  /** As in the schema. */
  name: string;
  /** Selected only if the object's type represents an error. */
  ofError: boolean;
  fields: ReadonlyMap<string, SelectedField>;
}

const ERROR_TYPE =
  /(?:Errors?|Exception|Failure|Failed|Problem|Fault|Rejection|Rejected|Denied|NotFound|Conflict)(?:Result|Payload|Response)?$|^Invalid[A-Z]/;
const ERROR_INTERFACE = /(?:Error|Exception|Failure|Problem)(?:Result|Interface)?$/;
const MAX_DEPTH = 4;

/** Names of refusals among the members of a mutation's result: `OutOfStock`, `CardDeclined`, `AlreadyMember`. */
const REFUSAL_TYPE =
  /^(?:OutOf|Insufficient|Not[A-Z]|No[A-Z]|Un(?:known|authori[sz]ed|authenticated|available|supported|processable)|Forbidden|Missing|Too[A-Z]|Cannot|Cant|Already|Duplicate|Bad[A-Z]|Illegal|Expired|Blocked|Locked|Disabled|SoldOut|Rejected|Declined|Denied|Failed|Wrong|Incorrect|Empty[A-Z])|(?:OutOfStock|Expired|Exceeded|Unavailable|Declined|Unauthori[sz]ed|Forbidden|Exists|Taken|Missing|Required|Mismatch|Insufficient|Unsupported|Blocked|Locked|Disabled|Refused|SoldOut|Violation|Invalid|Unknown|Impossible|Limited|Closed|InUse)(?:Result|Payload|Response)?$/;

/**
 * Whether a type represents an error: by its name, or by an interface that it implements.
 * @param ofMutation in an answer to a mutation: members of a union or interface that are named like refusals count too,
 * if another member is not
 */
export function isErrorType(name: string, schema: GraphQLSchema, ofMutation = false): boolean {
  if (ERROR_TYPE.test(name)) return true;
  const type = schema.getType(name);
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  if (type.getInterfaces().some((parent) => ERROR_INTERFACE.test(parent.name))) return true;
  return ofMutation && REFUSAL_TYPE.test(name) && isObjectType(type) && isOneOfSeveral(type, schema);
}

/** Whether a type is a member of a union or interface that also has members of another kind. */
function isOneOfSeveral(type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  return Object.values(schema.getTypeMap()).some((parent) => {
    if (!isAbstractType(parent)) return false;
    const members = schema.getPossibleTypes(parent);
    return members.includes(type) && members.some((one) => !REFUSAL_TYPE.test(one.name));
  });
}

/** The fields of a validated selection, by their keys in the answer; at most four levels. */
export function selectedFields(
  set: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
  schema: GraphQLSchema,
  ofMutation: boolean,
): ReadonlyMap<string, SelectedField> {
  const fields = new Map<string, Draft>();
  const source = { fragments, isError: (type: string) => isErrorType(type, schema, ofMutation) };
  collect(fields, set, source, { name: "", ofError: false, depth: 0 });
  return fields;
}

interface Draft extends SelectedField {
  fields: Map<string, Draft>;
}

interface Source {
  fragments: readonly FragmentDefinitionNode[];
  isError(type: string): boolean;
}

/** The position of a selection. */
interface Place {
  /** The field that it is of. */
  name: string;
  /** Within a fragment on a type that represents an error. */
  ofError: boolean;
  depth: number;
}

/** Whether a mutation's own verb asks for a type: `RejectedOffer` of `rejectOffer`. */
export function isAskedFor(type: string, mutation: string): boolean {
  const verb = (/^[a-z]{4,}/.exec(mutation)?.[0] ?? "").replace(/e$/, "");
  return verb !== "" && type.toLowerCase().includes(verb);
}

function collect(
  fields: Map<string, Draft>,
  set: SelectionSetNode,
  source: Source,
  { name: parent, ofError, depth }: Place,
): void {
  if (depth >= MAX_DEPTH) return;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const known = fields.get(key);
      const field = known ?? { name: selection.name.value, ofError, fields: new Map() };
      if (known !== undefined && !ofError) known.ofError = false;
      fields.set(key, field);
      if (selection.selectionSet !== undefined)
        collect(field.fields, selection.selectionSet, source, {
          name: field.name,
          ofError: false,
          depth: depth + 1,
        });
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : source.fragments.find(({ name }) => name.value === selection.name.value);
    if (fragment === undefined) continue;
    const type = fragment.typeCondition?.name.value;
    const error = ofError || (type !== undefined && source.isError(type) && !isAskedFor(type, parent));
    collect(fields, fragment.selectionSet, source, { name: parent, ofError: error, depth });
  }
}
