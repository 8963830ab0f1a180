import { Card } from "@/components/Card.tsx";
import type { RoutingSources } from "@/domain/queues/routing_sources.ts";

/** What sends tickets to a queue; `hint` when nothing does. */
export function LeadsHere(
  { leads: { categories, catalogItems }, hint }: { leads: RoutingSources; hint: string },
) {
  if (categories.length + catalogItems.length === 0) {
    return (
      <Card title="Routing">
        <p class="hint">{hint}</p>
      </Card>
    );
  }
  return (
    <Card title="Routing">
      <ul class="plain leads">
        {categories.map(({ id, name }) => (
          <li key={id}>
            <span class="hint">Category</span> <a href={`/tickets?categoryId=${id}`}>{name}</a>
          </li>
        ))}
        {catalogItems.map(({ id, name }) => (
          <li key={id}>
            <span class="hint">Catalog</span> {name}
          </li>
        ))}
      </ul>
    </Card>
  );
}
