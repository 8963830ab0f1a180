import { page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { Icon, type IconName } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CatalogItem, wholeCatalog } from "@/domain/catalog/read.ts";
import { load } from "@/pages/load.ts";

interface Data {
  items: CatalogItem[];
  q: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Catalog";
    const q = (ctx.url.searchParams.get("q") ?? "").trim().slice(0, 200);
    const items = await load(ctx, (cx) => wholeCatalog(cx));
    return page({ q, items: items.filter((item) => fits(item, q)) });
  },
});

function fits({ name, section, description }: CatalogItem, q: string): boolean {
  const text = `${name} ${section} ${description}`.toLowerCase();
  return q.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

export default define.page<typeof handler>(({ data: { items, q }, state }) => {
  const manages = MANAGERS.includes(state.viewer!.actor.role);
  const sections = Map.groupBy(items, ({ section }) => section);
  return (
    <div class="page">
      <PageHeader
        title="What do you need?"
        actions={
          <>
            {manages && <ButtonLink href="/admin/catalog" icon="settings">Manage catalog</ButtonLink>}
            <ButtonLink href="/tickets/new" icon="alert">Something is broken</ButtonLink>
          </>
        }
      />
      <form class="catalog-search" method="get" role="search" aria-label="Search the catalog">
        <span class="search">
          <Icon name="search" size="sm" />
          <input
            class="input"
            type="search"
            name="q"
            value={q}
            placeholder="Search the catalog"
            aria-label="Text"
          />
        </span>
        <Button>Search</Button>
      </form>
      {items.length === 0 && (
        <EmptyState
          icon="search"
          title={q ? "No catalog items match" : "The catalog is empty"}
          actions={<ButtonLink href="/tickets/new" icon="plus">Ask in your own words</ButtonLink>}
        >
          {q
            ? "Try another word, or describe what you need."
            : "Describe what you need, and the help desk will take care of it."}
        </EmptyState>
      )}
      {[...sections].map(([section, inIt]) => (
        <section key={section} class="catalog-section">
          {section !== "" && <h2>{section}</h2>}
          <ul class="plain catalog">
            {inIt.map((item) => (
              <li key={item.id} class="card catalog-card">
                <span class="catalog-icon">
                  <Icon name={item.icon as IconName} />
                </span>
                <div>
                  <a class="catalog-link" href={`/catalog/${item.id}`}>{item.name}</a>
                  <p class="hint">{firstLine(item.description)}</p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
});

/** The first line without Markdown. */
function firstLine(markdown: string): string {
  return (markdown.split("\n", 1)[0] ?? "").replaceAll(/[*_`#>[\]]/g, "").slice(0, 160);
}
