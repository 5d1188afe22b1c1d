import { addressOf, apiCall } from "./address.ts";
import type { PublicApplication } from "./application.ts";

interface Owner {
  lastName: string;
  pets: { visits: unknown[] }[];
}

/** Spring PetClinic REST: owners, pets, visits, vets. */
export const petClinic: PublicApplication = {
  name: "petclinic",
  async start() {
    const url = addressOf("APE_PETCLINIC", "github.com/spring-petclinic/spring-petclinic-rest");
    const list = <T>(path: string): Promise<T[]> => apiCall<T[]>(`${url}/api/${path}`);
    const visitors = async (): Promise<number> =>
      (await list<Owner>("owners")).filter(({ pets }) => pets.some(({ visits }) => visits.length > 0)).length;
    const tail = "{ generate: { tail: username } }";
    return {
      target: `{ kind: rest, baseUrl: "${url}", spec: "${url}/v3/api-docs" }`,
      close: async () => undefined,
      goals: [
        {
          name: "specialty",
          prompt: 'Add a specialty named "sleep {{tail}}".',
          data: tail,
          success:
            '[{ action: { operation: POST /api/specialties, status: 201, capture: { id: $.id } } }, { probe: { operation: "GET /api/specialties/{id}", expect: { body: { $.name: { contains: sleep } } } } }]',
          confirmed: async () =>
            (await list<{ name: string }>("specialties")).filter(({ name }) => name.startsWith("sleep "))
              .length,
        },
        {
          name: "owner-pet-visit",
          prompt: "Create an owner, add a pet to this owner and book a visit for the pet.",
          success:
            '[{ action: { operation: POST /api/owners, status: 201, capture: { id: $.id } } }, { probe: { operation: "GET /api/owners/{id}", after: "POST /api/owners/{ownerId}/pets", deadline: 30s, expect: { body: { "$.pets[0].visits[0].id": { exists: true } } } } }]',
          confirmed: visitors,
        },
        {
          name: "pet-type",
          prompt: 'Create a pet type, look at it, change its name to "llama {{tail}}", then delete it.',
          data: tail,
          success:
            '[{ action: { operation: POST /api/pettypes, status: 201, capture: { id: $.id } } }, { action: { operation: "GET /api/pettypes/{petTypeId}" } }, { action: { operation: "PUT /api/pettypes/{petTypeId}", after: POST /api/pettypes } }, { probe: { operation: "GET /api/pettypes/{id}", after: "DELETE /api/pettypes/{petTypeId}", expect: { status: 404 } } }]',
          // What is gone leaves no trace: the probe is the truth.
          confirmed: async () => Number.POSITIVE_INFINITY,
        },
      ],
    };
  },
};
