import type { ComponentChildren } from "preact";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import type { IconName } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import type { Page } from "@/domain/shared/types.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";

interface Props<T> {
  title: string;
  url: URL;
  list: Page<T>;
  /** Label of the link to the form for a new entry, which is at `/new` below the list. */
  create: string;
  /** Further actions in the header. */
  actions?: ComponentChildren;
  empty: { icon: IconName; title: string; text: string };
  children: (items: T[]) => ComponentChildren;
}

/** A list with a tab that includes archived entries. */
export function ArchivableList<T>(props: Props<T>) {
  const { title, url, list: { items, nextCursor }, create, actions, empty, children } = props;
  const archived = url.searchParams.get("archived") === "true";
  return (
    <div class="page">
      <PageHeader
        title={title}
        actions={
          <>
            {actions}
            <ButtonLink href={`${url.pathname}/new`} icon="plus" variant="primary">{create}</ButtonLink>
          </>
        }
      />
      <Tabs
        label="Lists"
        tabs={[
          { href: url.pathname, label: "Active", current: !archived },
          { href: `${url.pathname}?archived=true`, label: "Including archived", current: archived },
        ]}
      />
      {items.length > 0 ? children(items) : (
        <EmptyState
          icon={empty.icon}
          title={empty.title}
          actions={<ButtonLink href={`${url.pathname}/new`} icon="plus">{create}</ButtonLink>}
        >
          {empty.text}
        </EmptyState>
      )}
      <Pager
        firstHref={firstHref(url)}
        nextHref={nextHref(url, nextCursor)}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
}
