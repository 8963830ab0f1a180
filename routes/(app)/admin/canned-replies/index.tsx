import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { define } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { type CannedReply, ListCannedReplies, listCannedReplies } from "@/domain/replies/canned/read.ts";
import { plainMentions } from "@/domain/shared/mention_text.ts";
import { excerpt } from "@/domain/tickets/model/formatting.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { ArchivableList } from "@/routes/(app)/admin/(_components)/ArchivableList.tsx";

interface Data {
  replies: Page<CannedReply>;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Canned replies";
    const query = Object.fromEntries(ctx.url.searchParams);
    return page({
      replies: await load(
        ctx,
        (cx) =>
          listCannedReplies(cx, { ...parse(ListCannedReplies, query), archived: query.archived === "true" }),
        STAFF,
      ),
    });
  },
});

export default define.page<typeof handler>(({ data: { replies: { items, nextCursor } }, url }) => (
  <ArchivableList
    title="Canned replies"
    path="/admin/canned-replies"
    url={url}
    count={items.length}
    nextCursor={nextCursor}
    empty={
      <EmptyState
        icon="comment"
        title="No canned replies yet"
        actions={<ButtonLink href="/admin/canned-replies/new" icon="plus">Write the first one</ButtonLink>}
      >
        Write an answer once and insert it from the reply box of any ticket.
      </EmptyState>
    }
  >
    <ReplyTable items={items} />
  </ArchivableList>
));

function ReplyTable({ items }: { items: CannedReply[] }) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">Canned replies</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Title</th>
            <th scope="col" role="columnheader">Available to</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((reply) => (
            <tr key={reply.id} role="row">
              <td class="c-title" role="cell">
                <a class="row-link" href={`/admin/canned-replies/${reply.id}`}>{reply.title}</a>
                <div class="muted small">{excerpt(plainMentions(reply.body), 120)}</div>
              </td>
              <td role="cell">
                <Badge tone={reply.shared ? "accent" : "neutral"}>
                  {reply.shared ? "Everyone on the help desk" : "Only you"}
                </Badge>
                {reply.archived && (
                  <>
                    {" "}
                    <Badge tone="amber">Archived</Badge>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
