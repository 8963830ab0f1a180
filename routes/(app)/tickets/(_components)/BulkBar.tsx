import { Button } from "@/components/Button.tsx";
import { BulkSelect } from "@/islands/BulkSelect.tsx";

/** The form that the boxes of the list belong to. It opens the bulk change. */
export function BulkBar({ query }: { query: string }) {
  return (
    <form class="bulk-bar" id="bulk" method="get" action="/tickets/bulk">
      <BulkSelect form="bulk" />
      <input type="hidden" name="query" value={query} />
      <Button size="sm" icon="edit">Change selected</Button>
      <Button size="sm" variant="quiet" name="all" value="yes">Change all matching</Button>
    </form>
  );
}
