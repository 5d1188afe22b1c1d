import type { SystemPlan } from "./draw.ts";
import { capital, idName, plural, referenceName } from "./naming.ts";
import {
  type Asked,
  createdAnswer,
  createdSchema,
  enveloped,
  type FieldSchema,
  idSchema,
  idValue,
  listSchema,
  type RouteJson,
  type SystemRoute,
  segment,
  summed,
  TEXT,
} from "./route.ts";
import { isRefusal, type OwnFolder, type SystemRefusal } from "./state.ts";

/** Users' own things. */
export function folderRoutes(plan: SystemPlan): SystemRoute[] {
  const { system, folderName, update } = plan;
  const base = `/${segment(plural(system.folder))}`;
  const param = referenceName(plan, system.folder);
  const own = `${base}/{${param}}`;
  const whole: FieldSchema = {
    type: "object",
    properties: {
      [idName(plan, system.folder)]: { ...idSchema(plan), readOnly: true },
      [folderName]: TEXT,
      [system.folderSize]: { type: "integer", minimum: 1, maximum: 10 },
    },
  };
  const json = (folder: OwnFolder): RouteJson => ({
    [idName(plan, system.folder)]: idValue(plan, folder.id),
    [folderName]: folder.name,
    [system.folderSize]: folder.size ?? null,
  });
  const secured = plan.login !== "none";
  const inputs = {
    [folderName]: { ...TEXT, maxLength: 80 },
    [system.folderSize]: { type: "integer", minimum: 1, maximum: 10 },
  };
  const sizeOf = (body: Asked["body"]): number | undefined | SystemRefusal => {
    const size = body[system.folderSize];
    if (size === undefined) return undefined;
    return Number.isInteger(size) && Number(size) >= 1 && Number(size) <= 10
      ? Number(size)
      : { status: 422, message: `${system.folderSize} must be between 1 and 10.`, field: system.folderSize };
  };
  return [
    {
      method: "POST",
      path: base,
      summary: summed(plan, `${capital(system.create)} a ${system.folder}`, `Create a ${system.folder}`),
      isSecured: secured,
      body: { schema: { type: "object", required: [folderName], properties: inputs } },
      answer: createdSchema(plan, system.folder, whole) as NonNullable<SystemRoute["answer"]>,
      serve: ({ state, user, trace, body }) => {
        const name = body[folderName];
        if (typeof name !== "string" || name === "")
          return { status: 422, message: `${folderName} is required.`, field: folderName };
        const size = sizeOf(body);
        if (isRefusal(size)) return size;
        const made = state.folder({ user, trace }, name, size);
        return createdAnswer(plan, system.folder, made.id, json(made), base);
      },
    },
    {
      method: "GET",
      path: base,
      summary: summed(plan, `List ${plural(system.folder)}`, `The ${plural(system.folder)}`),
      isSecured: secured,
      answer: { status: 200, schema: listSchema(plan, system.folder, whole) },
      serve: ({ state, user }) => ({
        status: 200,
        body: enveloped(
          plan,
          system.folder,
          state.folders
            .filter((one) => one.user === user && !one.isDeleted)
            .slice(-20)
            .map(json),
        ),
      }),
    },
    {
      method: update,
      path: own,
      summary: summed(plan, `Update a ${system.folder}`, `Change a ${system.folder}`),
      isSecured: secured,
      body: {
        schema: {
          type: "object",
          ...(update === "PUT" ? { required: [folderName] } : {}),
          properties: inputs,
        },
      },
      answer: { status: 200, schema: whole },
      serve: ({ state, user, params, body }) => {
        const folder = state.ownFolder(user, params[param] ?? "");
        if (isRefusal(folder)) return folder;
        const name = body[folderName];
        if (update === "PUT" && typeof name !== "string")
          return { status: 422, message: `${folderName} is required.`, field: folderName };
        const size = sizeOf(body);
        if (isRefusal(size)) return size;
        if (typeof name === "string") folder.name = name;
        if (size !== undefined || update === "PUT") folder.size = size;
        return { status: 200, body: json(folder) };
      },
    },
    {
      method: "DELETE",
      path: own,
      summary: summed(plan, `${capital(system.remove)} a ${system.folder}`, `Delete a ${system.folder}`),
      isSecured: secured,
      answer: { status: 204 },
      serve: ({ state, user, params }) => {
        const folder = state.ownFolder(user, params[param] ?? "");
        if (isRefusal(folder)) return folder;
        folder.isDeleted = true;
        return { status: 204 };
      },
    },
  ];
}
