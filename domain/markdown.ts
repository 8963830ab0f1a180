import MarkdownIt from "markdown-it";

// Raw HTML is shown as text and markdown-it refuses javascript:, vbscript:, file: and data: links, so what people
// write can't become markup of ours. A few short lines of a table can ask for a great many cells, so there are none.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable(["image", "table"]);
markdown.set({ maxNesting: 20 });

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index]!.attrSet("rel", "noopener noreferrer nofollow");
  return renderer.renderToken(tokens, index, options);
};

/** What makes the renderer work: characters that can be markup, the beginnings of links, and lines. */
const WORK = /[[\]*_~`<>!&@\\|#\n]|:\/\/|www\./g;
/** More of it than this is the look of an attack or of a log file, not of a text with emphasis in it. */
const MOST_WORK = 4000;

/**
 * Renders a description or comment (CommonMark, without HTML, pictures and tables) as HTML that is safe to show. What
 * would take long to render comes out as it was written, in plain paragraphs.
 */
export function renderMarkdown(text: string): string {
  const known = rendered.get(text);
  if (known !== undefined) return known;
  const html = isCostly(text) ? plain(text) : markdown.render(text);
  keep(text, html);
  return html;
}

function isCostly(text: string): boolean {
  return text.length > MOST_WORK && (text.match(WORK)?.length ?? 0) > MOST_WORK;
}

function plain(text: string): string {
  const paragraphs = markdown.utils.escapeHtml(text).split(/\n{2,}/).filter((paragraph) =>
    paragraph.trim() !== ""
  );
  return paragraphs.map((paragraph) => `<p>${paragraph.replaceAll("\n", "<br>\n")}</p>\n`).join("");
}

/** Texts don't change and are shown again and again; the oldest go when there are too many characters. */
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
