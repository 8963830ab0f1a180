import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { Actor } from "@/domain/cx.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import type { SavedReport } from "@/domain/reports/saved/saved_report.ts";

/** Sends the report now: to oneself, or to everybody who gets it. */
export function SendButtons({ saved, actor }: { saved: SavedReport; actor: Pick<Actor, "id" | "role"> }) {
  const { id, recipients, editable } = saved;
  const others = recipients.filter((one) => one.id !== actor.id).length;
  const toAll = editable && others > 0 && MANAGERS.includes(actor.role);
  return (
    <Card title="Send now">
      <form class="form" method="post" action={`/reports/saved/${id}/sending`}>
        <p>The email has the figures as of now. Its schedule stays as it is.</p>
        <HiddenFields once />
        <div class="form-actions">
          <Button name="to" value="me" icon="mail">Send to me</Button>
          {toAll && (
            <Button name="to" value="recipients" icon="mail">
              {recipients.length === 1
                ? `Send to ${recipients[0]!.name}`
                : `Send to all ${recipients.length} recipients`}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
