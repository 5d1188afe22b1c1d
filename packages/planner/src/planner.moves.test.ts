import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const CLINIC = apiOf(
  "rest",
  "GET /patients | Patients | | [].id# [].name [].phone",
  "GET /doctors | Doctors | | [].id# [].name [].ward",
  "GET /visits | Visits | | [].id# [].patientName [].day@date [].room",
  "POST /visits | Arrange a visit | patientId!# room! day!@date seats# | id# day@date room",
  "PATCH /visits/{id} | Change a visit | day@date room seats# | id# day@date room",
  "PUT /visits/{id}/doctor | Assign a doctor to a visit | doctorId!# | id#",
);
const TRIPS = apiOf(
  "rest",
  "GET /guides | Guides | | [].code [].fullName",
  "GET /trips | Trips | | [].id [].title [].start@date-time",
  "PATCH /trips/{tripId} | Edit a trip | title start@date-time meetingPoint | id",
  "POST /trips/{tripId}/guides | Add a guide to a trip | guideCode! | id",
  "POST /trips | Plan a trip | title! start!@date-time meetingPoint | id",
);

const visits: Past = [
  "GET /visits",
  200,
  [
    { id: 1, patientName: "Ann Lund", day: "2031-05-04", room: "A" },
    { id: 2, patientName: "Bo Kern", day: "2031-05-05", room: "B" },
  ],
];
const doctors: Past = [
  "GET /doctors",
  200,
  [
    { id: 7, name: "Ida Holm", ward: "North" },
    { id: 8, name: "Ole Brandt", ward: "South" },
  ],
];
const trips: Past = [
  "GET /trips",
  200,
  [
    { id: "t1", title: "Blue Lake", start: "2031-05-04T08:00:00Z" },
    { id: "t2", title: "Old Mine", start: "2031-05-05T08:00:00Z" },
  ],
];
const guides: Past = [
  "GET /guides",
  200,
  [
    { code: "g1", fullName: "Ann Lund" },
    { code: "g2", fullName: "Bo Kern" },
  ],
];

test.each([
  ["Move the visit of Bo Kern to 9 May 2031", CLINIC, [visits], /^PATCH \/visits\/2 \{"day":"2031-05-09"\}$/],
  ["Postpone visit 1 to 9 May 2031", CLINIC, [visits], /^PATCH \/visits\/1 \{"day":"2031-05-09"\}$/],
  ["Reschedule the Old Mine to 9 May 2031", TRIPS, [trips], /^PATCH \/trips\/t2 \{"start":"2031-05-09/],
  // A change makes nothing new.
  [
    "Move the visit of Cy Dahl to 9 May 2031",
    CLINIC,
    [visits],
    /^finish: .*nothing here is called "Cy Dahl"/,
  ],
])("%s: what is moved is changed", (goal, api, past, call) => {
  expect(nextCall(api, goal, past as readonly Past[])).toMatch(call);
});

test.each([
  [
    "Assign the doctor Ole Brandt to the visit of Bo Kern",
    CLINIC,
    [visits, doctors],
    'PUT /visits/2/doctor {"doctorId":8}',
  ],
  [
    "Assign the doctor Ole Brandt to visit 1",
    CLINIC,
    [visits, doctors],
    'PUT /visits/1/doctor {"doctorId":8}',
  ],
  [
    "Add the guide Bo Kern to the trip Blue Lake",
    TRIPS,
    [trips, guides],
    'POST /trips/t1/guides {"guideCode":"g2"}',
  ],
])("%s: each thing is found by its own name", (goal, api, past, call) => {
  expect(nextCall(api, goal, past as readonly Past[])).toBe(call);
});
