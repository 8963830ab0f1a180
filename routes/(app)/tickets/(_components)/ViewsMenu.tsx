import { Button, buttonClass } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { Icon } from "@/components/Icon.tsx";
import { viewQuery } from "@/domain/views/filter.ts";
import type { View } from "@/domain/views/read.ts";
import type { Role } from "@/domain/cx.ts";
import { isStaff } from "@/domain/permissions.ts";
import { ExportMenu } from "./ExportMenu.tsx";

const SMALL = buttonClass({ children: true, size: "sm" });

/** The menu of views, the form that saves the present list as one, and the list as a file. */
export function ViewsMenu({ views, current, query, modified, role }: {
  views: View[];
  /** The view that the list was opened with. */
  current: View | null;
  /** The query of the list's address. */
  query: string;
  /** Whether the list differs from what `current` keeps. */
  modified: boolean;
  role: Role;
}) {
  return (
    <div class="page-actions">
      {current?.editable && modified && (
        <form method="post" action={`/views/${current.id}`}>
          <HiddenFields version={current.version} />
          <input type="hidden" name="query" value={query} />
          <Button size="sm">{`Update “${current.name}”`}</Button>
        </form>
      )}
      <details class="menu" name="views">
        <summary class={SMALL}>
          Views<Icon name="chevronDown" size="sm" />
        </summary>
        <div class="menu-panel menu-panel-end">
          {views.map((view) => (
            <a
              key={view.id}
              class="menu-item"
              href={`/tickets?${viewQuery(view)}`}
              aria-current={view.id === current?.id ? "page" : "false"}
            >
              <Icon name={view.shared ? "users" : "user"} size="sm" />
              {view.name}
            </a>
          ))}
          <a class="menu-item" href="/views">
            <Icon name="settings" size="sm" />
            {views.length > 0 ? "All views" : "No views yet. How they work"}
          </a>
        </div>
      </details>
      <details class="menu" name="views">
        <summary class={SMALL}>Save as view</summary>
        <form class="menu-panel menu-panel-end menu-form form" method="post" action="/views">
          <HiddenFields once />
          <input type="hidden" name="query" value={query} />
          <Field name="name" label="Name" maxLength={80} required idPrefix="view" />
          {isStaff(role) && (
            <Field
              name="shared"
              label="Share with the help desk"
              kind="checkbox"
              idPrefix="view"
            />
          )}
          <Button variant="primary" block>Save view</Button>
        </form>
      </details>
      <ExportMenu query={query} role={role} />
    </div>
  );
}
