import MarkdownIt from "markdown-it";

// Raw HTML is shown as text and markdown-it refuses javascript:, vbscript:, file: and data: links, so what people
// write can't become markup of ours.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable("image");

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index]!.attrSet("rel", "noopener noreferrer nofollow");
  return renderer.renderToken(tokens, index, options);
};

/** Renders a description or comment (CommonMark, without HTML and pictures) as HTML that is safe to show. */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
