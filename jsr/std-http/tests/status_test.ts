import assert from "node:assert/strict";
import {
  type ClientErrorStatus,
  isClientErrorStatus,
  isErrorStatus,
  isInformationalStatus,
  isRedirectStatus,
  isServerErrorStatus,
  isStatus,
  isSuccessfulStatus,
  STATUS_CODE,
  STATUS_TEXT,
} from "@std/http/status";

Deno.test("STATUS_CODE and STATUS_TEXT name the same codes", () => {
  assert.deepEqual(
    Object.values(STATUS_CODE).map(Number).sort(),
    Object.keys(STATUS_TEXT).map(Number).sort(),
  );
  const { NotFound, UnprocessableEntity, SeeOther, ContentTooLarge } = STATUS_CODE;
  assert.deepEqual([NotFound, UnprocessableEntity, SeeOther, ContentTooLarge], [
    404,
    422,
    303,
    413,
  ]);
  assert.equal(STATUS_TEXT[STATUS_CODE.NotFound], "Not Found");
  assert.equal(STATUS_TEXT[STATUS_CODE.Teapot], "I'm a teapot");
});

Deno.test("codes and texts are literal types", () => {
  const code: 404 = STATUS_CODE.NotFound;
  const text: "Not Found" = STATUS_TEXT[404];
  const clientError: ClientErrorStatus = STATUS_CODE.TooManyRequests;
  assert.deepEqual([code, text, clientError], [404, "Not Found", 429]);
});

const classes = [
  { is: isInformationalStatus, yes: [100, 103], no: [99, 104, 200] },
  { is: isSuccessfulStatus, yes: [200, 226], no: [199, 227, 300] },
  { is: isRedirectStatus, yes: [301, 303, 308], no: [299, 399, 400] },
  { is: isClientErrorStatus, yes: [400, 429, 451], no: [399, 499, 500] },
  { is: isServerErrorStatus, yes: [500, 511], no: [499, 599, 200] },
  {
    is: isErrorStatus,
    yes: [400, 404, 500, 503],
    no: [200, 303, 499, 600, 404.5],
  },
  {
    is: isStatus,
    yes: [100, 200, 304, 418, 511],
    no: [0, -200, 99, 299, 600, 200.5, NaN],
  },
];
for (const { is, yes, no } of classes) {
  Deno.test(`${is.name} knows its codes from others`, () => {
    for (const status of yes) assert.equal(is(status), true, String(status));
    for (const status of no) assert.equal(is(status), false, String(status));
  });
}
