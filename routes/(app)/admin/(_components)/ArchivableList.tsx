import type { ComponentChildren } from "preact";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";

interface Props {
  title: string;
  /** Address of the list; the form for a new entry is at `/new` below it. */
  path: string;
  url: URL;
  count: number;
  nextCursor: string | null;
  empty: ComponentChildren;
  children: ComponentChildren;
}

/** A list with a tab that includes archived entries. */
export function ArchivableList({ title, path, url, count, nextCursor, empty, children }: Props) {
  const archived = url.searchParams.get("archived") === "true";
  const hrefOf = (query: Record<string, string>) => {
    const search = new URLSearchParams({ ...(archived ? { archived: "true" } : {}), ...query });
    return search.size > 0 ? `${path}?${search}` : path;
  };
  return (
    <div class="page">
      <PageHeader
        title={title}
        actions={<ButtonLink href={`${path}/new`} icon="plus" variant="primary">New</ButtonLink>}
      />
      <Tabs
        label="Lists"
        tabs={[
          { href: path, label: "Active", current: !archived },
          { href: `${path}?archived=true`, label: "Including archived", current: archived },
        ]}
      />
      {count > 0 ? <Card flush>{children}</Card> : empty}
      <Pager
        firstHref={url.searchParams.has("cursor") ? hrefOf({}) : undefined}
        nextHref={nextCursor ? hrefOf({ cursor: nextCursor }) : undefined}
        shown={count > 0 ? `${count} shown` : undefined}
      />
    </div>
  );
}
