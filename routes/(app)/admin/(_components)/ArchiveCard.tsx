import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";

/** Archives something, or restores it. */
export function ArchiveCard({ archived, version, action, children }: {
  archived: boolean;
  version: number;
  /** Where the form goes, if not to the page itself. */
  action?: string;
  /** Explains what archiving or restoring does. */
  children: string;
}) {
  return (
    <Card title={archived ? "Archived" : "No longer needed?"}>
      <form class="form" id="archive" method="post" action={action}>
        <p class="muted">{children}</p>
        <HiddenFields version={version} />
        <input type="hidden" name="archived" value={String(!archived)} />
        <div class="form-actions">
          <Button>{archived ? "Restore" : "Archive"}</Button>
        </div>
      </form>
    </Card>
  );
}
