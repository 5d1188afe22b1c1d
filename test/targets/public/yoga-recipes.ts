import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@ape/engine/host/free-port";
import type { PublicApplication } from "./application.ts";
import { npmPackages } from "./packages.ts";
import { startServer } from "./server-process.ts";

/** A server of graphql-yoga, written with its own means. */
const SERVER = `import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
const recipes = new Map();
let last = 0;
const add = (input) => { const recipe = { id: "r" + ++last, ratings: [], ...input }; recipes.set(recipe.id, recipe); return recipe; };
for (let n = 1; n <= 12; n += 1) add({ title: "Dish " + n, minutes: 5 * n, course: n % 2 === 0 ? "DINNER" : "BREAKFAST" });
const found = (id) => { const one = recipes.get(id); if (one === undefined) throw new Error("no recipe " + id); return one; };
const schema = createSchema({
  typeDefs: \`
    enum Course { BREAKFAST DINNER DESSERT }
    type Recipe { id: ID! title: String! minutes: Int! course: Course! ratings: [Int!]! }
    input RecipeInput { title: String! minutes: Int! course: Course! }
    type Query { recipes(course: Course): [Recipe!]! recipe(id: ID!): Recipe }
    type Mutation {
      addRecipe(input: RecipeInput!): Recipe!
      renameRecipe(id: ID!, title: String!): Recipe!
      rateRecipe(id: ID!, stars: Int!): Recipe!
      deleteRecipe(id: ID!): Boolean!
    }\`,
  resolvers: {
    Query: { recipes: (_, { course }) => [...recipes.values()].filter((one) => course == null || one.course === course), recipe: (_, { id }) => recipes.get(id) },
    Mutation: {
      addRecipe: (_, { input }) => add(input),
      renameRecipe: (_, { id, title }) => Object.assign(found(id), { title }),
      rateRecipe: (_, { id, stars }) => { if (stars < 1 || stars > 5) throw new Error("1 to 5 stars"); found(id).ratings.push(stars); return found(id); },
      deleteRecipe: (_, { id }) => { found(id); recipes.get(id).gone = true; return recipes.delete(id); },
    },
  },
});
const yoga = createYoga({ schema, logging: false });
createServer((request, response) => {
  if (request.url === "/books") response.end(JSON.stringify({ recipes: [...recipes.values()], made: last }));
  else yoga(request, response);
}).listen(Number(process.env.PORT), "127.0.0.1");
`;

interface Books {
  recipes: { title: string; minutes: number; ratings: number[] }[];
  made: number;
}

/** Recipes behind graphql-yoga. */
export const yogaRecipes: PublicApplication = {
  name: "yoga",
  async start() {
    const folder = await npmPackages("yoga", ["graphql", "graphql-yoga"]);
    await writeFile(join(folder, "server.mjs"), SERVER);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const close = await startServer([process.execPath, "server.mjs"], {
      cwd: folder,
      env: { PORT: String(port) },
      ready: `${url}/books`,
    });
    const books = async (): Promise<Books> => (await (await fetch(`${url}/books`)).json()) as Books;
    const count = async (fits: (one: Books["recipes"][number]) => boolean): Promise<number> =>
      (await books()).recipes.filter(fits).length;
    const recipe = "query recipe($id: ID!) { recipe(id: $id) { id title ratings } }";
    const probe = (expect: string): string =>
      `{ probe: { operation: "query recipe", document: "${recipe}", arguments: { id: "{id}" }, expect: { body: ${expect} } } }`;
    return {
      target: `{ kind: graphql, baseUrl: "${url}/graphql" }`,
      close,
      goals: [
        {
          name: "add",
          prompt: 'Add a recipe called "Soup of the day" that takes 25 minutes.',
          success: `[{ action: { operation: "mutation addRecipe", capture: { id: $.data.addRecipe.id } } }, ${probe('{ "$.data.recipe.title": Soup of the day }')}]`,
          confirmed: () => count(({ title, minutes }) => title === "Soup of the day" && minutes === 25),
        },
        {
          name: "rate",
          prompt: "Find a recipe under 30 minutes and rate it with 5 stars.",
          success:
            '[{ action: { operation: "mutation rateRecipe", capture: { id: $.data.rateRecipe.id } } }, { probe: { operation: "query recipe", document: "query recipe($id: ID!) { recipe(id: $id) { ratings minutes } }", arguments: { id: "{id}" }, expect: { body: { "$.data.recipe.minutes": { lt: 30 }, "$.data.recipe.ratings[0]": 5 } } } }]',
          confirmed: async () =>
            (await books()).recipes.reduce(
              (sum, { minutes, ratings }) =>
                sum + (minutes < 30 ? ratings.filter((stars) => stars === 5).length : 0),
              0,
            ),
        },
        {
          name: "rename",
          prompt: 'Add a recipe, look at it and rename it to "Better soup".',
          success: `[{ action: { operation: "mutation renameRecipe", capture: { id: $.data.renameRecipe.id }, after: mutation addRecipe } }, ${probe('{ "$.data.recipe.title": Better soup }')}]`,
          confirmed: () => count(({ title }) => title === "Better soup"),
        },
        {
          name: "delete",
          prompt: "Add a recipe, then delete it.",
          success:
            '[{ action: { operation: "mutation addRecipe", capture: { id: $.data.addRecipe.id } } }, { action: { operation: "mutation deleteRecipe", body: { $.data.deleteRecipe: true } } }]',
          confirmed: async () => (await books()).made - (await books()).recipes.length,
        },
      ],
    };
  },
};
