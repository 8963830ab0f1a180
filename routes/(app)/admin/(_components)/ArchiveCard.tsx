import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";

/** Archives something, or restores it. */
export function ArchiveCard({ archived, version, children }: {
  archived: boolean;
  version: number;
  /** Explains what archiving or restoring does. */
  children: string;
}) {
  return (
    <Card title={archived ? "Archived" : "No longer needed?"}>
      <form class="form" id="archive" method="post">
        <p class="muted">{children}</p>
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="archived" value={String(!archived)} />
        <div class="form-actions">
          <Button>{archived ? "Restore" : "Archive"}</Button>
        </div>
      </form>
    </Card>
  );
}
