import { PropertyList, SidePanel } from "@/components/PropertyList.tsx";
import type { CatalogRequest } from "@/domain/catalog/request.ts";

/** What was asked for in the catalog, question by question. */
export function RequestPanel({ request }: { request: CatalogRequest | null }) {
  if (!request) return null;
  return (
    <SidePanel title={request.item.name}>
      <PropertyList items={request.answered.map(({ label, text }) => ({ label, value: text }))} />
    </SidePanel>
  );
}
