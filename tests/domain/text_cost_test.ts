/** V1: what is made of text that is in already costs next to nothing, for 64 KiB of anything that the bound lets through. */
import { quoteText } from "@/domain/comments/quote.ts";
import { storedText } from "@/domain/mail/inbound/stored_text.ts";
import { htmlToText, splitReply } from "@/domain/mail/inbound/split_reply.ts";
import { renderHtml } from "@/domain/mail/render/html_part.tsx";
import { renderText } from "@/domain/mail/render/text_part.ts";
import { fillPlaceholders } from "@/domain/replies/placeholders.ts";
import { withoutTokens } from "@/domain/shared/links.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { boundMarks } from "@/domain/shared/marks.ts";
import { mentionsIn } from "@/domain/shared/mention_calls.ts";
import { plainMentions } from "@/domain/shared/mention_text.ts";
import { isSeen, toProse, withoutDirectionMarks } from "@/domain/text.ts";
import { excerpt, plainExcerpt } from "@/domain/tickets/model/formatting.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";
import { HOSTILE, hostileText } from "@/tests/helpers/hostile_texts.ts";

const FACTS = { requester: "Ana Silva", agent: "Bea Kowalczyk", key: "INC-1", title: "Printer" };
const FRAME = { sender: "Harbour Works", acceptsReply: true };
const mailOf = (text: string) => ({
  subject: text.slice(0, 200),
  heading: text.slice(0, 200),
  paragraphs: [text],
  quote: { by: text.slice(0, 120), text },
  footnote: "",
});

const WORK: Record<string, (text: string) => unknown> = {
  "render Markdown": (text) => renderMarkdown(text),
  "render mentions": (text) => renderMarkdown(text, [{ id: crypto.randomUUID(), label: text.slice(0, 120) }]),
  "find mentions": (text) => mentionsIn(text, 20),
  "mentions as names": plainMentions,
  "excerpt": (text) => excerpt(text),
  "plain excerpt": (text) => plainExcerpt(text, 160),
  "quote": quoteText,
  "fill placeholders": (text) => fillPlaceholders(text, FACTS),
  "text of an email": (text) => renderText(mailOf(text), FRAME),
  "HTML of an email": (text) => renderHtml(mailOf(text), FRAME),
  "split a reply": splitReply,
  "an HTML email": htmlToText,
  "keep an email": (text) => storedText(text),
  "a path in the log": withoutTokens,
  "is seen": isSeen,
  "prose": toProse,
  "turning marks": withoutDirectionMarks,
};

Deno.test("V1 64 KiB of hostile text is rendered, quoted, cut, mailed and searched for mentions in 100 ms each", () => {
  const wrong: string[] = [];
  for (const kind of HOSTILE) {
    const text = boundMarks(hostileText(kind, { units: 65_530, bytes: 65_530 }));
    for (const [what, work] of Object.entries(WORK)) {
      let turn = 0;
      // Each turn another text: what is rendered is kept.
      const ms = cpuTime(() => void work(`${turn++} ${text}`));
      if (ms > 100) wrong.push(`${what}, ${kind}: ${Math.round(ms)} ms`);
    }
  }
  assertEquals(wrong, []);
  assert(HOSTILE.length >= 7);
});
