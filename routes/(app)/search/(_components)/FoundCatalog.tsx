import { MarkedText } from "@/components/MarkedText.tsx";
import type { FoundItem } from "@/domain/search/catalog.ts";
import { itemHref } from "@/domain/search/wording.ts";

/** Catalog items that match. */
export function FoundCatalog({ items }: { items: FoundItem[] }) {
  return (
    <ul class="found-list">
      {items.map((item) => (
        <li key={item.id} class="found">
          <a class="row-link" href={itemHref(item.id)}>
            <MarkedText marked={item.name} />
          </a>
          {item.snippet && (
            <p class="found-snippet">
              <MarkedText marked={item.snippet} />
            </p>
          )}
          {item.section && <p class="found-meta">{item.section}</p>}
        </li>
      ))}
    </ul>
  );
}
