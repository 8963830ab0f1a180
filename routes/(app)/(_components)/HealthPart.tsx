import { Card } from "@/components/Card.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { Health } from "@/domain/dashboard/model.ts";
import type { Reader } from "@/domain/shared/moment.ts";
import { healthLines } from "@/routes/(app)/(_data)/health_lines.ts";

/** How mail, jobs, webhooks and reports are. */
export function HealthPart({ health, reader, now }: { health: Health; reader: Reader; now: string }) {
  return (
    <Card title="System health" flush>
      <ul class="plain home-health">
        {healthLines(health, reader, now).map(({ label, isFine, text, links }) => (
          <li key={label}>
            <span class={`badge badge-glyph ${isFine ? "tone-green" : "tone-amber"}`}>
              <Icon name={isFine ? "check" : "alert"} size="sm" />
              {isFine ? "Fine" : "Look at it"}
            </span>
            <strong>{label}</strong>
            <span class="home-health-text">{text}</span>
            {links.map((link) => <a key={link.href} href={link.href}>{link.text}</a>)}
          </li>
        ))}
      </ul>
    </Card>
  );
}
