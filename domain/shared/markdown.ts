import MarkdownIt from "markdown-it";
import sanitize from "sanitize-html";
import { goesOnWith, isWordAt, type Mention, mentionById } from "./mention_text.ts";

/**
 * Raw HTML is shown as text, and markdown-it refuses javascript:, vbscript:, file: and data: links. A few lines of a table
 * can ask for a great many cells, so there are none.
 */
export function commonMark() {
  return new MarkdownIt({ html: false, linkify: true, breaks: true }).disable("table").set({
    maxNesting: 20,
  });
}

const markdown = commonMark();

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index]!.attrSet("rel", "noopener noreferrer nofollow");
  return renderer.renderToken(tokens, index, options);
};

// A remote image would tell its owner who reads this, and when: it becomes a link.
markdown.renderer.rules.image = (tokens, index, options, env, renderer) => {
  const token = tokens[index]!;
  const address = String(token.attrGet("src") ?? "");
  const words = renderer.renderInlineAsText(token.children ?? [], options, env).trim() || address;
  const escape = markdown.utils.escapeHtml;
  // A link in a link is no HTML.
  if (isInLink(tokens.slice(0, index))) return escape(words);
  return `<a href="${escape(address)}" rel="noopener noreferrer nofollow">${escape(words)}</a>`;
};

function isInLink(before: { type: string }[]): boolean {
  const last = before.findLast(({ type }) => type === "link_open" || type === "link_close");
  return last?.type === "link_open";
}

// Only names that were mentioned. Code and addresses are read by other rules.
markdown.inline.ruler.before("link", "mention", (state, silent) => {
  const { src, pos } = state;
  if (src.charCodeAt(pos) !== 0x40 || isWordAt(src, pos - 1)) return false;
  const called: Mention[] = (state.env as { mentions?: Mention[] }).mentions ?? [];
  const byId = mentionById(src, pos);
  const label = byId?.label ??
    called.find(({ label }) => goesOnWith(src.slice(pos + 1, pos + 122), label))?.label;
  if (label === undefined) return false;
  if (!silent) {
    const told = !byId || called.some(({ id }) => id === byId.id);
    const token = state.push(told ? "mention" : "text", "", 0);
    token.content = `@${byId ? label : src.slice(pos + 1, pos + 1 + label.length)}`;
  }
  state.pos += byId?.length ?? label.length + 1;
  return true;
});
markdown.renderer.rules.mention = (tokens, index) =>
  `<span class="mention">${markdown.utils.escapeHtml(tokens[index]!.content)}</span>`;

/** Defence in depth: nothing else comes out. */
const ALLOWED: sanitize.IOptions = {
  allowedTags: [
    ..."a p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s span".split(" "),
  ],
  allowedAttributes: { a: ["href", "rel", "title"], ol: ["start"] },
  allowedClasses: { span: ["mention"], code: ["language-*"] },
  allowedSchemes: ["http", "https", "mailto", "tel", "ftp"],
  allowProtocolRelative: true,
  disallowedTagsMode: "escape",
};

/** What makes the renderer work: possible markup, beginnings of links, lines. */
const WORK = /[[\]*_~`<>!&@\\|#\n]|:\/\/|www\./g;
/** More is an attack or a log file. */
const MOST_WORK = 4000;

/** CommonMark without HTML, images and tables. What would take long to render comes out as plain paragraphs. */
export function renderMarkdown(text: string, mentions: readonly Mention[] = []): string {
  const name = JSON.stringify([text, mentions]);
  const known = rendered.get(name);
  if (known !== undefined) return known;
  const html = isCostly(text) ? plain(text) : sanitize(markdown.render(text, { mentions }), ALLOWED);
  keep(name, html);
  return html;
}

function isCostly(text: string): boolean {
  return affordable(text).length < text.length;
}

/** The lines, from the first, that don't take long to parse. */
export function affordable(text: string): string {
  if (text.length <= MOST_WORK) return text;
  let work = 0;
  for (const { index } of text.matchAll(WORK)) {
    if (++work > MOST_WORK) return text.slice(0, Math.max(0, text.lastIndexOf("\n", index)));
  }
  return text;
}

function plain(text: string): string {
  const paragraphs = markdown.utils.escapeHtml(text).split(/\n{2,}/).filter((paragraph) =>
    paragraph.trim() !== ""
  );
  return paragraphs.map((paragraph) => `<p>${paragraph.replaceAll("\n", "<br>\n")}</p>\n`).join("");
}

/** The oldest are dropped when there are too many characters. */
const rendered = new Map<string, string>();
const MOST_KEPT = 8_000_000;
let kept = 0;

function keep(text: string, html: string): void {
  rendered.set(text, html);
  kept += text.length + html.length;
  for (const [oldest, itsHtml] of rendered) {
    if (kept <= MOST_KEPT) return;
    rendered.delete(oldest);
    kept -= oldest.length + itsHtml.length;
  }
}
