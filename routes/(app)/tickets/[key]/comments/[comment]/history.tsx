import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Time } from "@/components/Time.tsx";
import { define } from "@/define.ts";
import { commentHistory, type CommentInTicket, type CommentVersion } from "@/domain/comments/edit.ts";
import { commentPath } from "@/domain/shared/links.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { moment } from "@/domain/shared/moment.ts";
import { load } from "@/pages/load.ts";

interface Data extends CommentInTicket {
  versions: CommentVersion[];
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Earlier versions";
    return page(
      await load(ctx, async (cx) => ({
        ...await commentHistory(cx, { ticketId: ctx.params.key!, commentId: ctx.params.comment! }),
        now: cx.now,
      })),
    );
  },
});

export default define.page<typeof handler>(({ data: { comment, ticket, versions, now }, state }) => {
  const href = `/tickets/${ticket.key}`;
  const mentions = comment.mentions.map(({ id, name }) => ({ id, label: name }));
  return (
    <div class="page page-narrow">
      <PageHeader
        title="Earlier versions"
        crumbs={[{ label: "Tickets", href: "/tickets" }, { label: ticket.key, href }, { label: "Comment" }]}
        meta={<span>What {comment.author.name} wrote, the latest first</span>}
        actions={<ButtonLink href={commentPath(ticket.key, comment.id)}>Back to the ticket</ButtonLink>}
      />
      <ol class="conversation" aria-label="Versions">
        {versions.map(({ version, body, at }, i) => (
          <li key={version}>
            <article class={comment.visibility === "internal" ? "comment comment-internal" : "comment"}>
              <header class="comment-head">
                <span class="comment-author">{i === 0 ? "Now" : `Version ${version}`}</span>
                <Time at={moment(at, state.viewer!.actor, now)} />
              </header>
              {/* deno-lint-ignore react-no-danger */}
              <div
                class="comment-body prose"
                dangerouslySetInnerHTML={{ __html: renderMarkdown(body, mentions) }}
              />
            </article>
          </li>
        ))}
      </ol>
    </div>
  );
});
