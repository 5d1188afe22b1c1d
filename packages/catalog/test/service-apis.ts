import type { ApiDescription } from "@ape/core/protocol/api";
import { apiOf } from "./api-lines.ts";

/** APIs of services: a gym, a depot, a hotel, a bank, a gallery, a radio station, a kitchen, a forum and a cellar. */
export const GYM = apiOf(
  "rest",
  "POST /sessions | Log in | email! password! | token",
  "DELETE /sessions | Log out",
  "GET /courses | List courses | &level=easy,hard &maxPrice# &day@date &q | items[].id items[].title items[].price# items[].seatsLeft#",
  "GET /courses/{courseId} | A course | | id title price# seatsLeft# likes# liked? level=easy,hard",
  "POST /courses | Create a course | title! level=easy,hard seats# startsOn@date teacher | id title level=easy,hard seats#",
  "PATCH /courses/{courseId} | Update a course | title level=easy,hard seats# startsOn@date teacher | id title",
  "POST /courses/{courseId}/like | Like a course",
  "DELETE /courses/{courseId}/like | Take a like back",
  "POST /courses/{courseId}/enrollments | Enrol for a course | note | id courseId note state=booked,waiting",
  "GET /enrollments/{enrollmentId} | An enrollment | | id courseId note state=booked,waiting,cancelled",
  "POST /enrollments/{enrollmentId}/cancel | Cancel an enrollment | reason | id state=booked,waiting,cancelled",
  "PUT /courses/{courseId}/teacher | Set the teacher of a course | name! |",
);
export const DEPOT = apiOf(
  "rest",
  "GET /pallets | List pallets | | [].id [].label [].weight# [].length# [].width#",
  "POST /pallets | Register a pallet | label! weight# length# width# fragile? quantity# | id label weight# quantity#",
  "GET /pallets/{id} | Show a pallet | | id label weight# length# width# fragile? quantity# location archivedAt@date-time",
  "PUT /pallets/{id} | Change a pallet | label weight# quantity# location fragile? | id label",
  "DELETE /pallets/{id} | Remove a pallet",
  "POST /pallets/{id}/move | Move a pallet | location! | id location",
  "POST /pallets/{id}/archive | Archive a pallet",
  "POST /pallets/{id}/notes | Add a note to a pallet | text! | id text",
  "GET /pallets/{id}/notes | Notes of a pallet | | [].id [].text",
  "POST /dispatches | Dispatch goods | destination! priority=low,high | parcelId destination",
  "GET /parcels/{parcelId} | Track a parcel | | parcelId destination priority=low,high status=packed,sent",
);
export const HOTEL = apiOf(
  "rest",
  "GET /rooms | List rooms | &from@date &until@date &guests# | rooms[].id rooms[].name rooms[].capacity# rooms[].price#",
  "GET /rooms/{roomId} | A room | | id name capacity# price# balcony?",
  "POST /reservations | Reserve a room | roomId! arrival!@date departure!@date guests#! guestName email breakfast? | id roomId arrival departure guests# guestName status=open,confirmed",
  "GET /reservations/{reservationId} | A reservation | | id roomId arrival@date departure@date guests# guestName breakfast? status=open,confirmed,cancelled total#",
  "PATCH /reservations/{reservationId} | Change a reservation | departure@date guests# guestName breakfast? | id",
  "POST /reservations/{reservationId}/confirm | Confirm a reservation | | id status=open,confirmed,cancelled",
  "DELETE /reservations/{reservationId} | Cancel a reservation",
  "POST /reservations/{reservationId}/services | Order a service | kind!=spa,taxi time | id kind=spa,taxi time",
  "GET /reservations/{reservationId}/services | Services of a reservation | | [].id [].kind [].time",
);
export const BANK = apiOf(
  "rest",
  "GET /accounts | List accounts | | [].iban [].owner [].balance#",
  "POST /accounts | Open an account | owner! currency!=EUR,CHF,USD limit# | accountId owner currency=EUR,CHF,USD balance#",
  "GET /accounts/{accountId} | An account | | accountId owner currency=EUR,CHF,USD balance# limit# frozen? depositCount#",
  "POST /accounts/{accountId}/deposits | Deposit money | amount#! memo | id amount# memo",
  "POST /transfers | Transfer money | fromAccountId! toAccountId! amount#! reference | id amount# reference",
  "GET /transfers/{transferId} | A transfer | | id amount# reference state=pending,done",
  "POST /accounts/{accountId}/freeze | Freeze an account",
  "POST /accounts/{accountId}/unfreeze | Unfreeze an account",
  "PATCH /accounts/{accountId} | Change an account | limit# owner |",
  "DELETE /accounts/{accountId} | Close an account",
);
export const GALLERY = apiOf(
  "graphql",
  "query paintings | Paintings | artist maxPrice# | [].id [].title [].price# [].artist.name | paintings(artist: String, maxPrice: Int): [Painting!]!",
  "query painting | A painting | id! | id title price# reserved? lentTo year# likes# | painting(id: ID!): Painting",
  "mutation addPainting | Add a painting | title! artist year# price# | id title price# | addPainting(title: String!): Painting!",
  "mutation renamePainting | Rename a painting | id! title! | id title | renamePainting(id: ID!, title: String!): Painting!",
  "mutation lendPainting | Lend a painting | paintingId! to! until@date | id lentTo | lendPainting(paintingId: ID!, to: String!): Painting!",
  "mutation reservePainting | Reserve a painting | paintingId! | id reserved? | reservePainting(paintingId: ID!): Painting!",
  "mutation deletePainting | Delete a painting | id! | id | deletePainting(id: ID!): Painting",
  "query visits | Visits | | [].id [].name [].day | visits: [Visit!]!",
  "mutation bookVisit | Book a visit | name! day!@date guests# | id name day | bookVisit(name: String!): Visit!",
  "mutation cancelVisit | Cancel a visit | visitId! | id | cancelVisit(visitId: ID!): Visit",
);
export const RADIO = apiOf(
  "mcp",
  "tool add_station | Add a station | name! frequency#! | stationId name frequency#",
  "tool get_station | Get a station | stationId! | stationId name frequency# volume#",
  "tool set_volume | Set the volume of a station | stationId! volume#! |",
  "tool remove_station | Remove a station | stationId! |",
  "tool list_stations | List stations | | stations[].stationId stations[].name",
  "tool multiply | Multiply two numbers | a#! b#! |",
  "tool save_memo | Save a memo | topic! content! |",
  "tool load_memo | Load a memo by its topic | topic! |",
  "tool list_memos | List all memos | |",
);
export const KITCHEN = apiOf(
  "rest",
  "POST /recipes | Create a recipe | title! servings# minutes# vegan? cuisine=greek,thai tags[] | id title servings# minutes# vegan? cuisine=greek,thai",
  "GET /recipes | List recipes | &cuisine=greek,thai &vegan? &sort=title,-minutes | recipes[].id recipes[].title recipes[].cuisine=greek,thai",
  "GET /recipes/{recipeId} | A recipe | | id title servings# minutes# vegan? cuisine=greek,thai published? steps[].text",
  "PATCH /recipes/{recipeId} | Update a recipe | title servings# minutes# vegan? |",
  "POST /recipes/{recipeId}/steps | Add a step | text! position# | id text position#",
  "POST /recipes/{recipeId}/publish | Publish a recipe",
  "POST /recipes/{recipeId}/unpublish | Unpublish a recipe",
  "POST /recipes/{recipeId}/reviews | Review a recipe | stars#! comment | id stars# comment",
  "GET /recipes/{recipeId}/reviews | Reviews | | [].id [].stars# [].comment",
  "POST /shopping-lists | Create a shopping list | name! | listId name",
  "POST /shopping-lists/{listId}/items | Add an item to a shopping list | product! amount# unit=g,ml | itemId product amount#",
  "GET /shopping-lists/{listId} | A shopping list | | listId name items[].itemId items[].product items[].amount#",
  "DELETE /shopping-lists/{listId}/items/{itemId} | Remove an item",
);
export const FORUM = apiOf(
  "web",
  "GET /login | Log in",
  "POST /login | Log in | name! password!",
  "POST /logout | Log out",
  "GET /topics | Topics",
  "POST /topics/new | Open a topic | title! text!",
  "POST /topics/{id}/reply | Reply | text!",
  "POST /topics/{id}/close | Close the topic",
  "POST /profile | Save your profile | nickname city newsletter?",
);
const BOTTLES = apiOf(
  "rest",
  "GET /bottles | List bottles",
  "POST /bottles | Put a bottle into the cellar",
  "GET /bottles/{id} | A bottle",
  "PATCH /bottles/{id} | Change a bottle",
  "DELETE /bottles/{id} | Drink a bottle",
);
/** Of its operations only methods and paths are known. */
export const CELLAR: ApiDescription = { ...BOTTLES, documented: false };
/** Tools on files and a graph, whose answers no schema describes. */
export const FILES = apiOf(
  "mcp",
  "tool write_file | Create a new file or overwrite an existing file with new content | path! content!",
  "tool read_file | Read the contents of a file. DEPRECATED: use read_text_file | path!",
  "tool read_text_file | Read the complete contents of a file as text | path! head#",
  "tool list_directory | List all files in a directory | path!",
  "tool delete_file | Delete a file | path!",
  "tool create_entities | Create multiple new entities in the knowledge graph | name! entityType!",
  "tool add_observation | Add an observation to an entity | entityName! observation!",
  "tool read_graph | Read the entire knowledge graph",
  "tool search_nodes | Search for nodes in the knowledge graph | query!",
  "tool list_pages | List pages of entities | page#!",
);
/** Tools on numbers. */
export const CALCULATOR = apiOf(
  "mcp",
  "tool sum | Total of two numbers | a#! b#!",
  "tool round | Round a number | value#! digits#",
  "tool greet | Greet somebody | name!",
);
/** Hives that are inspected, looked at, opened and paid for. */
export const APIARY = apiOf(
  "rest",
  "POST /sessions | Start a session | user! password! | token",
  "DELETE /sessions/current | End the session",
  "GET /hives | List hives | | [].id [].name [].colour=green,brown",
  "GET /hives/{hiveId} | A hive | | id name colour=green,brown views# frames[].id state=calm,swarming,gone",
  "POST /hives | Set up a hive | name! colour=green,brown frames# isNew? | hive.id hive.name",
  "PUT /hives/{hiveId} | Replace a hive | name! colour=green,brown | id",
  "POST /hives/{hiveId}/inspections | Record an inspection | mites# mood | id mites# mood",
  "POST /hives/{hiveId}/move-out | Move a hive out | | id state=calm,swarming,gone",
  "POST /hives/{hiveId}/restore | Restore a hive",
  "DELETE /hives/{hiveId} | Remove a hive",
  "POST /harvests | Record a harvest | hiveId! kilos#! hour | id hiveId kilos# hour",
  "POST /orders/{orderId}/checkout | Check out | | id",
  "POST /orders | Place an order | jars#! | id jars#",
  "GET /orders/{orderId} | An order | | id jars# paid? paidAt@date-time",
);
/** A site with pages of things and forms that lead on to further ones. */
export const GARDEN = apiOf(
  "web",
  "GET /plants | Plants",
  "GET /plants/{id} | A plant",
  "GET /plants/new | Add a plant to the garden",
  "POST /plants/new | Add a plant | name! kind=tree,bush",
  "POST /plants/{id}/edit | Save the plant | name kind=tree,bush height#",
  "POST /plants/{id}/water | Water it",
  "POST /orders/address | Order: your address | street!",
  "POST /orders/confirm | Order: confirm | terms?!",
);
for (const operation of GARDEN.operations) if (operation.path === "/orders/address") operation.leadsOn = true;
