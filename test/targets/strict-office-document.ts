const ref = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const done = { responses: { "200": { description: "done" } } };
const body = (properties: Record<string, object>, required: string[] = []) => ({
  requestBody: { content: { "application/json": { schema: { type: "object", properties, required } } } },
});
const text = { type: "string" };

/** The OpenAPI document of the strict office. It does not mention states, owners, versions and limits. */
export const STRICT_OFFICE_DOCUMENT = JSON.stringify({
  openapi: "3.0.3",
  info: { title: "Office", version: "1" },
  security: [{ bearer: [] }],
  components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  paths: {
    "/login": { post: { summary: "Log in", security: [], ...body({ user: text, password: text }), ...done } },
    "/logout": { post: { summary: "Log out", ...done } },
    "/password": { put: { summary: "Change the password", ...body({ password: text }), ...done } },
    "/clock": { post: { summary: "Let time pass", ...done } },
    "/products": { get: { summary: "List products", security: [], ...done } },
    "/products/{productId}": {
      get: { summary: "Show a product", security: [], parameters: [ref("productId")], ...done },
    },
    "/reports": { get: { summary: "Make a report", security: [], ...done } },
    "/tickets": {
      get: { summary: "List tickets", ...done },
      post: { summary: "Open a ticket", ...body({ title: text }), ...done },
    },
    "/tickets/{id}": {
      get: { summary: "Show a ticket", parameters: [ref("id")], ...done },
      delete: { summary: "Delete a ticket", parameters: [ref("id")], ...done },
    },
    ...Object.fromEntries(
      ["resolve", "close", "reopen", "watch", "merge"].map((action) => [
        `/tickets/{id}/${action}`,
        { post: { summary: `${action} a ticket`, parameters: [ref("id")], ...done } },
      ]),
    ),
    "/tickets/{id}/label": {
      delete: { summary: "Remove the label", parameters: [ref("id")], ...done },
      post: { summary: "Move the label", parameters: [ref("id")], ...done },
    },
    "/cart/items": { post: { summary: "Fill the cart", ...body({ productId: text }), ...done } },
    "/audit": { get: { summary: "Read the audit log", ...done } },
    "/notes": { post: { summary: "Write a note", ...done } },
    "/notes/{noteId}": {
      get: { summary: "Read a note", parameters: [ref("noteId")], ...done },
      put: { summary: "Change a note", parameters: [ref("noteId")], ...done },
    },
    "/documents": { post: { summary: "Write a document", ...body({ text }), ...done } },
    "/documents/{id}": {
      get: { summary: "Read a document", parameters: [ref("id")], ...done },
      put: { summary: "Change a document", parameters: [ref("id")], ...body({ text }), ...done },
    },
    "/projects": { post: { summary: "Begin a project", ...done } },
    "/projects/{projectId}/tasks": {
      get: { summary: "List tasks", parameters: [ref("projectId")], ...done },
    },
    "/projects/{projectId}/tasks/{taskId}": {
      get: { summary: "Show a task", parameters: [ref("projectId"), ref("taskId")], ...done },
      delete: { summary: "Delete a task", parameters: [ref("projectId"), ref("taskId")], ...done },
    },
    "/accounts": {
      post: { summary: "Register an account", ...body({ name: text, age: { type: "integer" } }), ...done },
    },
    "/runs": { post: { summary: "Queue a run", ...done } },
    "/runs/{id}": { get: { summary: "Show a run", parameters: [ref("id")], ...done } },
    "/runs/{id}/start": { post: { summary: "Start a run", parameters: [ref("id")], ...done } },
    "/payments": { post: { summary: "Pay", ...body({ amount: { type: "number" } }), ...done } },
  },
});
