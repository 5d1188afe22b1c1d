import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";

/** A field of a query by its key in the answer, aliases resolved. */
export interface SelectedField {
  /** As in the schema. */
  name: string;
  /** Asked for only where the object is of a type that stands for an error. */
  ofError: boolean;
  fields: ReadonlyMap<string, SelectedField>;
}

const ERROR_TYPE =
  /(?:Errors?|Exception|Failure|Failed|Problem|Fault|Rejection|Rejected|Denied|NotFound|Conflict)(?:Result|Payload|Response)?$|^Invalid[A-Z]/;
const ERROR_INTERFACE = /(?:Error|Exception|Failure|Problem)(?:Result|Interface)?$/;
const MAX_DEPTH = 4;

/** Whether a type stands for an error: by its name, or by an interface that it implements. */
export function isErrorType(name: string, schema: GraphQLSchema): boolean {
  if (ERROR_TYPE.test(name)) return true;
  const type = schema.getType(name);
  return (
    (isObjectType(type) || isInterfaceType(type)) &&
    type.getInterfaces().some((parent) => ERROR_INTERFACE.test(parent.name))
  );
}

/** The fields that a validated selection asks for, by their keys in the answer; four levels at most. */
export function selectedFields(
  set: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
  schema: GraphQLSchema,
): ReadonlyMap<string, SelectedField> {
  const fields = new Map<string, Draft>();
  collect(fields, set, fragments, schema, false, 0);
  return fields;
}

interface Draft extends SelectedField {
  fields: Map<string, Draft>;
}

function collect(
  fields: Map<string, Draft>,
  set: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
  schema: GraphQLSchema,
  ofError: boolean,
  depth: number,
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
        collect(field.fields, selection.selectionSet, fragments, schema, false, depth + 1);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : fragments.find(({ name }) => name.value === selection.name.value);
    if (fragment === undefined) continue;
    const type = fragment.typeCondition?.name.value;
    const error = ofError || (type !== undefined && isErrorType(type, schema));
    collect(fields, fragment.selectionSet, fragments, schema, error, depth);
  }
}
