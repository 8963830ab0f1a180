import type { Step } from "@/edge/step.ts";
import { NONCE } from "./security_headers.ts";

/** These reach beyond the word they stand in; U+200E and U+200F don't, and are part of Hebrew and Arabic writing. */
const REACHING = "[\\u202a-\\u202e\\u2066-\\u2069]";

/** Of an island's props "<" stays as it is, so a script is taken whole; what is edited, islands read from the page. */
const SCRIPT = "<script\\b[\\s\\S]*?(?:</script>|$)";
/**
 * What a form sends back keeps its marks, which turn nothing outside a box: an edit would lose them. Outside scripts no
 * text or attribute holds an unescaped "<", so each ends at the next one, and the search is linear.
 */
const BOX = "<textarea\\b[^<]*</textarea>";
const CONTROL = '<(?:input|option|button)\\b(?:[^<>"]|"[^"<]*")*>';
const VALUE = '\\svalue="[^"<]*"';

const IN_PAGE = new RegExp(`${SCRIPT}|${BOX}|${CONTROL}|${REACHING}`, "g");
const IN_CONTROL = new RegExp(`${VALUE}|${REACHING}`, "g");
const ANY = new RegExp(REACHING);
const EVERY = new RegExp(REACHING, "g");

/** Leaves marks that turn the text around them out of every page, whatever text they came in with. */
export const dropDirectionMarks: Step = async (_exchange, next) => {
  const response = await next();
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  // A file goes out as it came in.
  if (!isPage || response.headers.has("content-disposition")) return response;
  // Looked at for pages alone: any other body would become a stream by it.
  if (!response.body) return response;
  const html = await response.text();
  const { status, headers } = response;
  const page = new Response(ANY.test(html) ? withoutMarks(html) : html, { status, headers });
  Reflect.set(page, NONCE, Reflect.get(response, NONCE));
  return page;
};

function withoutMarks(html: string): string {
  return html.replaceAll(IN_PAGE, (part) => {
    if (part.startsWith("<textarea")) return part;
    if (part.startsWith("<script")) return part.replaceAll(EVERY, "");
    return part.replaceAll(IN_CONTROL, (one) => one.length > 1 ? one : "");
  });
}
