import { page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Icon } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { type Found, Search, search } from "@/domain/search/search.ts";
import { load } from "@/pages/load.ts";
import { readQuery } from "@/pages/query.ts";
import { FoundCatalog } from "./(_components)/FoundCatalog.tsx";
import { FoundPeople } from "./(_components)/FoundPeople.tsx";
import { FoundTickets } from "./(_components)/FoundTickets.tsx";

interface Data {
  q: string;
  /** Null when nothing was asked, or the query was refused. */
  found: Found | null;
  /** Why the query was refused. */
  wrong: string[];
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const q = ctx.url.searchParams.get("q") ?? "";
    ctx.state.title = q.trim() === "" ? "Search" : `${q.trim().slice(0, 60)} · Search`;
    const data = await load(ctx, async (cx) => {
      const { input, wrong } = q.trim() === ""
        ? { input: null, wrong: [] }
        : readQuery(Search, { q, limit: "20" });
      return {
        q,
        found: input ? await search(cx, input) : null,
        wrong: wrong.map(([, text]) => text),
        now: cx.now,
      };
    });
    return page(data, { status: data.wrong.length > 0 ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data: { q, found, wrong, now }, state }) => {
  const { actor } = state.viewer!;
  const empty = found && found.tickets.length + found.people.length + found.catalog.length === 0;
  return (
    <div class="page">
      <PageHeader title="Search" />
      <form class="search-form" role="search" action="/search" method="get" aria-label="Search everything">
        <span class="search">
          <Icon name="search" />
          <input
            class="input input-lg"
            type="search"
            name="q"
            value={q}
            aria-label="What to search for"
            placeholder="Words, a key, a name"
            maxLength={200}
            autofocus={q === ""}
          />
        </span>
        <Button variant="primary" size="lg">Search</Button>
      </form>
      <ErrorList message={wrong} />
      {!found && wrong.length === 0 && (
        <EmptyState icon="search" title="What are you looking for?">
          {isStaff(actor.role)
            ? "Search finds tickets by key, by any word or phone number in them, and by the requester’s name or email address; people by name or email; and catalog items."
            : "Search finds your requests by key and by any word or phone number in them, and catalog items."}
        </EmptyState>
      )}
      {empty && (
        <EmptyState
          icon="search"
          title={`Nothing found for “${q.trim()}”`}
          actions={<ButtonLink href="/tickets/new" icon="plus">New ticket</ButtonLink>}
        >
          Try other words, or a part of one. The last word may be incomplete.
        </EmptyState>
      )}
      {found && !empty && (
        <div class="found-columns">
          <Card title="Tickets" flush>
            <FoundTickets
              tickets={found.tickets}
              more={found.moreTickets}
              q={q.trim()}
              reader={actor}
              now={now}
            />
          </Card>
          {found.people.length + found.catalog.length > 0 && (
            <div class="found-beside">
              {found.catalog.length > 0 && (
                <Card title="Catalog" flush>
                  <FoundCatalog items={found.catalog} />
                </Card>
              )}
              {found.people.length > 0 && (
                <Card title="People" flush>
                  <FoundPeople people={found.people} role={actor.role} />
                </Card>
              )}
            </div>
          )}
        </div>
      )}
    </div>
  );
});
