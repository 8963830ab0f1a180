import assert from "node:assert/strict";
import { type Cookie, deleteCookie, getCookies, getSetCookies, setCookie } from "@std/http/cookie";

function written(cookie: Cookie): string | null {
  const headers = new Headers();
  setCookie(headers, cookie);
  return headers.get("Set-Cookie");
}

Deno.test("getCookies reads names and values, and keeps = in a value", () => {
  const headers = new Headers({
    Cookie: "full=of; tasty=choco=late;  spaced=1; igot=99; igot=100",
  });
  assert.deepEqual({ ...getCookies(headers) }, {
    full: "of",
    tasty: "choco=late",
    spaced: "1",
    igot: "100",
  });
});

Deno.test("getCookies without a Cookie header is empty", () => {
  assert.deepEqual({ ...getCookies(new Headers()) }, {});
});

Deno.test("getCookies returns an object without a prototype", () => {
  const cookies = getCookies(new Headers({ Cookie: "a=1" }));
  assert.equal(Object.getPrototypeOf(cookies), null);
  assert.equal(cookies["toString"], undefined);
});

for (const header of ["", "=x", "a=1;=x", "a=1;", "a=1;;b=2", ";"]) {
  Deno.test(`getCookies throws for the header ${JSON.stringify(header)}`, () => {
    assert.throws(() => getCookies(new Headers({ Cookie: header })), SyntaxError);
  });
}

for (const [header, name] of [["flag", "flag"], ["a=1; =x", ""]] as const) {
  Deno.test(`getCookies reads the header ${JSON.stringify(header)}`, () => {
    assert.equal(typeof getCookies(new Headers({ Cookie: header }))[name], "string");
  });
}

Deno.test("a cookie called like a prototype property changes no other object", () => {
  getCookies(new Headers({ Cookie: "__proto__=polluted; constructor=x" }));
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal({}.constructor, Object);
});

Deno.test("setCookie writes every attribute", () => {
  assert.equal(
    written({
      name: "Space",
      value: "Cat",
      secure: true,
      httpOnly: true,
      partitioned: true,
      maxAge: 2,
      domain: "example.test",
      sameSite: "Strict",
      path: "/cat",
      expires: new Date(Date.UTC(1983, 0, 7, 15, 32)),
      unparsed: ["unparsed=keyvalue", "batman=Bruce"],
    }),
    "Space=Cat; Secure; HttpOnly; Partitioned; Max-Age=2; Domain=example.test; SameSite=Strict; Path=/cat; " +
      "Expires=Fri, 07 Jan 1983 15:32:00 GMT; unparsed=keyvalue; batman=Bruce",
  );
});

Deno.test("setCookie takes Max-Age 0, and Expires in milliseconds", () => {
  assert.equal(written({ name: "a", value: "b", maxAge: 0 }), "a=b; Max-Age=0");
  assert.equal(
    written({ name: "a", value: "b", expires: 1000 }),
    "a=b; Expires=Thu, 01 Jan 1970 00:00:01 GMT",
  );
});

Deno.test("setCookie gives prefixed names what the prefix demands", () => {
  assert.equal(
    written({ name: "__Secure-a", value: "b" }),
    "__Secure-a=b; Secure",
  );
  assert.equal(
    written({
      name: "__Host-a",
      value: "b",
      domain: "example.test",
      path: "/x",
    }),
    "__Host-a=b; Secure; Path=/",
  );
});

Deno.test("setCookie appends: two cookies make two headers, a nameless one none", () => {
  const headers = new Headers();
  setCookie(headers, { name: "a", value: "1" });
  setCookie(headers, { name: "b", value: "2" });
  setCookie(headers, { name: "", value: "3" });
  assert.deepEqual(headers.getSetCookie(), ["a=1", "b=2"]);
});

for (
  const name of ["a b", "a\tb", 'a"b', "a,b", "a;b", "a=b", "a(b)", "a[b]", "é"]
) {
  Deno.test(`setCookie refuses the name ${JSON.stringify(name)}`, () => {
    assert.throws(() => written({ name, value: "x" }), SyntaxError);
  });
}

for (
  const value of [
    "a b",
    'a"b',
    "a,b",
    "a;b",
    "a\\b",
    "a\x7fb",
    "a\r\nSet-Cookie: x",
    "é",
  ]
) {
  Deno.test(`setCookie refuses the value ${JSON.stringify(value)}`, () => {
    assert.throws(() => written({ name: "x", value }), SyntaxError);
  });
}

for (const path of ["/;domain=evil.test", "/a\nb", "/a\x7f"]) {
  Deno.test(`setCookie refuses the path ${JSON.stringify(path)}`, () => {
    assert.throws(() => written({ name: "x", value: "y", path }), SyntaxError);
  });
}

for (const domain of ["-example.test", "example.test.", "example.test-"]) {
  Deno.test(`setCookie refuses the domain ${domain}`, () => {
    assert.throws(
      () => written({ name: "x", value: "y", domain }),
      SyntaxError,
    );
  });
}

Deno.test("setCookie refuses a negative Max-Age", () => {
  assert.throws(
    () => written({ name: "x", value: "y", maxAge: -1 }),
    RangeError,
  );
});

Deno.test("deleteCookie ends the cookie with the attributes it was set with", () => {
  const headers = new Headers();
  deleteCookie(headers, "deno");
  deleteCookie(headers, "Space", {
    domain: "example.test",
    path: "/cat",
    secure: true,
    httpOnly: true,
  });
  assert.deepEqual(headers.getSetCookie(), [
    "deno=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "Space=; Secure; HttpOnly; Domain=example.test; Path=/cat; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ]);
});

Deno.test("getSetCookies reads what a response sets", () => {
  const headers = new Headers([
    ["Set-Cookie", "lulu=meow; Secure; Max-Age=3600"],
    [
      "Set-Cookie",
      "booya=kasha=1; HttpOnly; Path=/; SameSite=Lax; Domain=example.test; key=value",
    ],
    ["Set-Cookie", "__Secure-a=1"],
    ["Set-Cookie", "__Host-a=1; Secure; Path=/x"],
    ["Set-Cookie", "__Host-b=1; Secure; Path=/"],
    ["Set-Cookie", "late=1; Max-Age=-1"],
  ]);
  assert.deepEqual(getSetCookies(headers), [
    { name: "lulu", value: "meow", secure: true, maxAge: 3600 },
    {
      name: "booya",
      value: "kasha=1",
      httpOnly: true,
      path: "/",
      sameSite: "Lax",
      domain: "example.test",
      unparsed: ["key=value"],
    },
    { name: "__Host-b", value: "1", secure: true, path: "/" },
  ]);
});
