import type { ComponentChildren } from "preact";
import { Badge } from "@/components/Badge.tsx";

interface Versioned {
  archived: boolean;
  version: number;
}

/** The state of something whose edits are new versions. */
export function VersionBadges({ archived, version }: Versioned) {
  return (
    <>
      {archived && <Badge tone="amber">Archived</Badge>}
      <Badge>Version {version}</Badge>
    </>
  );
}

/** Such a thing in a list. */
export function VersionedCard({ name, href, children, ...state }: Versioned & {
  name: string;
  href: string;
  children: ComponentChildren;
}) {
  return (
    <section class="card policy">
      <div class="card-header">
        <h2>
          <a href={href}>{name}</a>
        </h2>
        <span class="policy-marks">
          <VersionBadges {...state} />
        </span>
      </div>
      {children}
    </section>
  );
}
