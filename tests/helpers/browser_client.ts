/** A browser without scripts: keeps cookies, follows links, sends the forms that are on a page. */
import { getSetCookies } from "@std/http/cookie";
import { parseHTML } from "linkedom";
import { type Client, formOf, type TestFile } from "./client.ts";
import { type Desk, PASSWORD } from "./desk.ts";

/** Fields as a form sends them; one that comes several times is a list. */
export type Fields = Record<string, string | string[]>;

/** A page, or a redirect that wasn't followed. */
export interface PageAnswer {
  status: number;
  headers: Headers;
  /** Path, query and fragment that a redirect leads to; null when it isn't one. */
  location: string | null;
  html: string;
  document: Document;
  /** The path it was asked at. */
  path: string;
}

/** Visits the pages of a desk as one browser with cookies of its own. Redirects are returned, not followed. */
export class PageClient {
  cookies = new Map<string, string>();

  constructor(readonly desk: Desk) {}

  /** A browser in which the person of an API client has signed in by the form. */
  static async signedIn(client: Client): Promise<PageClient> {
    const browser = new PageClient(client.desk);
    const { email } = client.user;
    await browser.signIn({ email, password: PASSWORD, organisation: client.tenant.slug });
    return browser;
  }

  /** Signs in by the form. @throws Error when it is refused */
  async signIn(fields: { email: string; password: string; organisation: string }): Promise<void> {
    const answer = await this.post("/sign-in", fields);
    if (answer.status !== 303) throw new Error(`Cannot sign in as "${fields.email}": ${answer.status}`);
  }

  async get(path: string): Promise<PageAnswer> {
    return await this.send(path, { method: "GET" });
  }

  /** Posts fields as a form of our own pages would (application/x-www-form-urlencoded, same origin). */
  async post(path: string, fields: Fields = {}): Promise<PageAnswer> {
    const body = new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
    );
    return await this.send(path, { method: "POST", body });
  }

  /** Posts fields and files as a form of our own pages would (multipart/form-data, same origin). */
  async postFiles(path: string, files: TestFile[], fields: Fields = {}): Promise<PageAnswer> {
    return await this.send(path, { method: "POST", body: formOf(files, fields) });
  }

  /**
   * Sends the form that `selector` finds on a page, with what it has in it and `changes` typed over. A change to a
   * field that the form hasn't is refused, so that a test can't send what a person couldn't.
   */
  async submit(page: PageAnswer, selector: string, changes: Fields = {}): Promise<PageAnswer> {
    const form = page.document.querySelector(selector);
    if (!form) throw new Error(`Cannot submit "${selector}": it is not on ${page.path}\n${page.html}`);
    for (const name of Object.keys(changes)) {
      if (!form.querySelector(`[name="${name}"]`)) {
        throw new Error(`Cannot fill "${name}": the form has no such field`);
      }
    }
    const fields = { ...fieldsOf(form), ...changes };
    const action = form.getAttribute("action") ?? page.path;
    if (form.getAttribute("method")?.toLowerCase() === "post") return await this.post(action, fields);
    const query = new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
    );
    return await this.get(`${action}?${query}`);
  }

  /** Opens the page that a redirect leads to. */
  async follow(answer: PageAnswer): Promise<PageAnswer> {
    if (!answer.location) throw new Error(`Cannot follow a ${answer.status}: it isn't a redirect`);
    return await this.get(answer.location);
  }

  private async send(path: string, init: RequestInit): Promise<PageAnswer> {
    const base = this.desk.config.PUBLIC_URL;
    const headers = new Headers({ "sec-fetch-site": "same-origin", "accept": "text/html" });
    if (init.method === "POST") headers.set("origin", new URL(base).origin);
    if (this.cookies.size > 0) {
      headers.set("cookie", Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join("; "));
    }
    const response = await this.desk.fetch(new Request(new URL(path, base), { ...init, headers }));
    this.keep(response.headers);
    const html = await response.text();
    const to = response.headers.get("location");
    const url = to === null ? null : new URL(to, new URL(path, base));
    return {
      status: response.status,
      headers: response.headers,
      location: url && url.pathname + url.search + url.hash,
      html,
      document: parseHTML(html || "<!doctype html><html></html>").document as unknown as Document,
      path,
    };
  }

  private keep(headers: Headers): void {
    for (const { name, value, maxAge, expires } of getSetCookies(headers)) {
      const gone = maxAge === 0 || expires !== undefined && new Date(expires).getTime() <= Date.now();
      if (gone) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** What a form would send as it stands: no unchecked box, no button. */
export function fieldsOf(form: Element): Fields {
  const fields: Record<string, string[]> = {};
  for (const control of form.querySelectorAll("input[name], select[name], textarea[name]")) {
    if (control.hasAttribute("disabled")) continue;
    const type = control.getAttribute("type");
    if ((type === "checkbox" || type === "radio") && !control.hasAttribute("checked")) continue;
    (fields[control.getAttribute("name")!] ??= []).push(valueOf(control));
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}

/** What stands in the field `name` of a page; of a group of radio buttons the checked one. */
export function fieldValue(page: PageAnswer, name: string): string {
  const control = page.document.querySelector(`[name="${name}"][type="radio"][checked]`) ??
    page.document.querySelector(`[name="${name}"]`);
  if (!control) throw new Error(`Cannot read "${name}": there is no such field on ${page.path}`);
  return valueOf(control);
}

/** The error that stands beside the field `name` and is joined to it for assistive technology; "" when there is none. */
export function fieldError(page: PageAnswer, name: string): string {
  const control = page.document.querySelector(`[name="${name}"]`);
  if (!control) throw new Error(`Cannot read "${name}": there is no such field on ${page.path}`);
  const described = [control, control.closest("fieldset")]
    .map((element) => element?.getAttribute("aria-describedby") ?? "").join(" ");
  const id = described.split(" ").find((one) => one.endsWith("-error"));
  return (id && page.document.getElementById(id)?.textContent?.trim()) ?? "";
}

/** The text of what `selector` finds, blanks folded; "" when there is nothing. */
export function textOf(page: PageAnswer, selector: string): string {
  return (page.document.querySelector(selector)?.textContent ?? "").replaceAll(/\s+/g, " ").trim();
}

function valueOf(control: Element): string {
  if (control.localName === "textarea") return control.textContent ?? "";
  if (control.localName === "select") {
    const chosen = control.querySelector("option[selected]") ?? control.querySelector("option");
    return chosen?.getAttribute("value") ?? chosen?.textContent ?? "";
  }
  return control.getAttribute("value") ?? (control.getAttribute("type") === "checkbox" ? "on" : "");
}
