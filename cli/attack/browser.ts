import type { Person } from "./person.ts";
import type { Answer } from "./wire.ts";

/** A browser in which somebody has signed in by the form. */
export interface Browser {
  /** The answer of the form. */
  signedIn: Answer;
  cookie: string;
  get(path: string): Promise<Answer>;
  signOut(): Promise<void>;
}

/** Signs in by the form; null where that gives no session cookie. */
export async function openBrowser({ wire, who, account }: Person): Promise<Browser | null> {
  const own = { origin: wire.origin, "sec-fetch-site": "same-origin" };
  const signedIn = await wire.send("POST", "/sign-in", who, {
    headers: { ...own, accept: "text/html" },
    body: new URLSearchParams({ ...account! }),
  });
  const cookie = signedIn.headers.getSetCookie().map((one) => one.split(";")[0]!)
    .find((one) => /session=./.test(one));
  if (!cookie) return null;
  return {
    signedIn,
    cookie,
    get: (path) => wire.send("GET", path, who, { headers: { cookie, accept: "text/html" } }),
    async signOut() {
      await wire.send("POST", "/v1/auth/logout", who, { headers: { cookie, ...own } });
    },
  };
}
