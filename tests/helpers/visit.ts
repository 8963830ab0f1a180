/** What browser tests do before their own story: an organisation by the API, and people who sign in by the page. */
import type { Page } from "./browser.ts";
import { PASSWORD } from "./desk.ts";

/** Who registers the organisation in most stories. */
export const ADA = {
  organisation: "Harbour Works",
  name: "Ada Admin",
  email: "ada@harbour.example",
  password: PASSWORD,
};

/**
 * Posts JSON to `/v1`.
 *
 * @throws Error with the problem where it is refused
 */
export async function post(url: string, path: string, body: unknown, token?: string) {
  const response = await fetch(`${url}/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

/** Signs somebody in by the page, with the password that everybody has in tests. */
export async function signIn(page: Page, email = ADA.email): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/home");
}

/**
 * What goes wrong in the page's scripts and is written to its console, as it happens.
 *
 * @param problems where to add it; default a new list
 */
export function watchProblems(page: Page, problems: string[] = []): string[] {
  page.on("pageerror", (error) => {
    // Chromium gives up the transition between two pages where the second is quick, and tells of it as of an error.
    if (!/^\w+Error: Transition was (aborted|skipped)/.test(String(error))) problems.push(String(error));
  });
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  return problems;
}
