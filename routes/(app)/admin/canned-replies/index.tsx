import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { define } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { type CannedReply, ListCannedReplies, listCannedReplies } from "@/domain/replies/canned/read.ts";
import { withArchived } from "@/domain/shared/cursor.ts";
import { plainMentions } from "@/domain/shared/mention_text.ts";
import type { Page } from "@/domain/shared/types.ts";
import { excerpt } from "@/domain/tickets/model/formatting.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { ArchivableList } from "@/routes/(app)/admin/(_components)/ArchivableList.tsx";
import { SharedBadge } from "./(_components)/SharedBadge.tsx";

export const handler = define.handlers<Page<CannedReply>>({
  async GET(ctx) {
    ctx.state.title = "Canned replies";
    const query = parse(ListCannedReplies.extend(withArchived), Object.fromEntries(ctx.url.searchParams));
    return page(await load(ctx, (cx) => listCannedReplies(cx, query), STAFF));
  },
});

export default define.page<typeof handler>(({ data, url }) => (
  <ArchivableList
    title="Canned replies"
    url={url}
    list={data}
    create="New canned reply"
    empty={{
      icon: "comment",
      title: "No canned replies yet",
      text: "Write an answer once and insert it from the reply box of any ticket.",
    }}
  >
    {(items) => (
      <Card flush>
        <StackedTable caption="Canned replies" columns={["Title", "Available to"]}>
          {items.map((reply) => (
            <Row key={reply.id}>
              <Cell class="c-title">
                <a class="row-link" href={`/admin/canned-replies/${reply.id}`}>{reply.title}</a>
                <div class="muted small">{excerpt(plainMentions(reply.body), 120)}</div>
              </Cell>
              <Cell>
                <SharedBadge shared={reply.shared} /> {reply.archived && <Badge tone="amber">Archived</Badge>}
              </Cell>
            </Row>
          ))}
        </StackedTable>
      </Card>
    )}
  </ArchivableList>
));
