import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type SelectionSetNode,
} from "graphql";

/** A field of a query by its key in the answer, aliases resolved. */
export interface SelectedField {
  /** As in the schema. */
  name: string;
  /** Selected only if the object's type represents an error. */
  ofError: boolean;
  /** What the schema says about its value. */
  kind: FieldKind;
  fields: ReadonlyMap<string, SelectedField>;
}

/**
 * `thing`: an object with an id, which exists by itself; `report`: an object without one; `scalar`: of the
 * specification; `custom`: a scalar of the schema's own, which can mean "void" or hold any JSON.
 */
export type FieldKind = "thing" | "report" | "scalar" | "custom";

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
  if (!ofMutation || !isObjectType(type)) return false;
  if (REFUSAL_TYPE.test(name)) return isOneOfSeveral(type, schema, (one) => REFUSAL_TYPE.test(one.name));
  return describesErrorOnly(type) && isOneOfSeveral(type, schema, describesErrorOnly);
}

/** Fields of a type that only describes an error. */
const DESCRIPTION =
  /^(?:message|msg|error\w*|err\w*|reason|details?|description|fields?|path|code|status_?code|errorCode|extensions|locations?|help|hint|title)$/i;
/** Names of types with a message that is no refusal. */
const GOOD_TYPE =
  /succe|ok|done|accept|creat|updat|delet|remov|sent|messag|note|notif|comment|text|reply|confirm|info|receipt|void|empty/i;

/** Whether a type has a message or a reason, and nothing but what describes an error. */
function describesErrorOnly(type: GraphQLObjectType): boolean {
  const names = Object.keys(type.getFields());
  return (
    !GOOD_TYPE.test(type.name) &&
    names.some((name) => /^(?:message|msg|reason|error\w*)$/i.test(name)) &&
    names.every((name) => DESCRIPTION.test(name))
  );
}

/** Whether a type is a member of a union or interface that also has members of another kind. */
function isOneOfSeveral(
  type: GraphQLObjectType,
  schema: GraphQLSchema,
  isRefusal: (member: GraphQLObjectType) => boolean,
): boolean {
  return Object.values(schema.getTypeMap()).some((parent) => {
    if (!isAbstractType(parent)) return false;
    const members = schema.getPossibleTypes(parent);
    return members.includes(type) && members.some((one) => !isRefusal(one));
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
  const source = { fragments, schema, isError: (type: string) => isErrorType(type, schema, ofMutation) };
  const root = ofMutation ? schema.getMutationType() : schema.getQueryType();
  collect(fields, set, source, { name: "", ofError: false, depth: 0, type: root ?? undefined });
  return fields;
}

function fieldType(type: GraphQLNamedType | undefined, name: string): GraphQLNamedType | undefined {
  const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  const field = fields[name];
  return field === undefined ? undefined : getNamedType(field.type);
}

function kindOf(type: GraphQLNamedType | undefined): FieldKind {
  if (isObjectType(type) || isInterfaceType(type))
    return Object.keys(type.getFields()).some((name) => /^_*(?:id|uuid|node_?id)$/i.test(name))
      ? "thing"
      : "report";
  if (isScalarType(type)) return isSpecifiedScalarType(type) ? "scalar" : "custom";
  return isEnumType(type) ? "scalar" : "report";
}

interface Draft extends SelectedField {
  fields: Map<string, Draft>;
}

interface Source {
  fragments: readonly FragmentDefinitionNode[];
  schema: GraphQLSchema;
  isError(type: string): boolean;
}

/** The position of a selection. */
interface Place {
  /** The field that it is of. */
  name: string;
  /** Within a fragment on a type that represents an error. */
  ofError: boolean;
  depth: number;
  /** The type that the selection is of. */
  type: GraphQLNamedType | undefined;
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
  { name: parent, ofError, depth, type }: Place,
): void {
  if (depth >= MAX_DEPTH) return;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const known = fields.get(key);
      const own = fieldType(type, selection.name.value);
      const field = known ?? { name: selection.name.value, ofError, kind: kindOf(own), fields: new Map() };
      if (known !== undefined && !ofError) known.ofError = false;
      fields.set(key, field);
      if (selection.selectionSet !== undefined)
        collect(field.fields, selection.selectionSet, source, {
          name: field.name,
          ofError: false,
          depth: depth + 1,
          type: own,
        });
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : source.fragments.find(({ name }) => name.value === selection.name.value);
    if (fragment === undefined) continue;
    const on = fragment.typeCondition?.name.value;
    const error = ofError || (on !== undefined && source.isError(on) && !isAskedFor(on, parent));
    const within = on === undefined ? type : source.schema.getType(on);
    collect(fields, fragment.selectionSet, source, { name: parent, ofError: error, depth, type: within });
  }
}
