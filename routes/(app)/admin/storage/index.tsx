import { page } from "fresh";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { define } from "@/define.ts";
import { readStorage, type Storage, type StorageOfPerson } from "@/domain/attachments/storage.ts";
import { sizeLabel } from "@/domain/attachments/types.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { Breakable } from "@/routes/(app)/admin/(_components)/Breakable.tsx";

export const handler = define.handlers<Storage>({
  async GET(ctx) {
    ctx.state.title = "Storage";
    const query = parse(PageOf, Object.fromEntries(ctx.url.searchParams));
    return page(await load(ctx, (cx) => readStorage(cx, query), ADMINS));
  },
});

export default define.page<typeof handler>(({ data, url }) => (
  <div class="page page-narrow">
    <PageHeader title="Storage" crumbs={[{ label: "Administration", href: "/admin" }]} />
    <p>
      Files take {sizeLabel(data.bytes)} of{" "}
      {sizeLabel(data.quotaBytes)}. Unused uploads are removed after an hour.
    </p>
    {data.items.length > 0
      ? (
        <Card flush>
          <PeopleTable people={data.items} />
        </Card>
      )
      : (
        <EmptyState icon="file" title="No files">
          Files that people attach to tickets and replies are counted here.
        </EmptyState>
      )}
    <Pager firstHref={firstHref(url)} nextHref={nextHref(url, data.nextCursor)} />
  </div>
));

function PeopleTable({ people }: { people: StorageOfPerson[] }) {
  return (
    <StackedTable caption="Storage by person" columns={["Person", "Files", "Size", "Unused uploads"]}>
      {people.map(({ person, files, bytes, unusedFiles, unusedBytes }) => (
        <Row key={person.id}>
          <Cell class="c-title">
            <strong>
              <a href={`/admin/users/${person.id}`}>{person.name}</a>
            </strong>
            <div class="muted small">
              <Breakable text={person.email} />
            </div>
          </Cell>
          <Cell>{counted(files, "file")}</Cell>
          <Cell>{sizeLabel(bytes)}</Cell>
          <Cell class="muted">
            {unusedFiles > 0 && `${counted(unusedFiles, "unused upload")} (${sizeLabel(unusedBytes)})`}
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}

/** Cells say what they count: where they are stacked there are no headings. */
function counted(count: number, thing: string): string {
  return count === 1 ? `1 ${thing}` : `${count.toLocaleString("en")} ${thing}s`;
}
