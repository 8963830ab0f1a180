import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";

/** A step on the way to this page; without `href` it's just words (a ticket's key). */
export interface Crumb {
  label: string;
  href?: string | undefined;
}

/** The page's one h1 with where it is, what it's about and what can be done. */
export function PageHeader({ title, crumbs = [], meta, actions }: {
  title: string;
  crumbs?: Crumb[] | undefined;
  meta?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <header class="page-header">
      <div class="page-heading">
        {crumbs.length > 0 && (
          <nav class="crumbs" aria-label="Breadcrumb">
            {crumbs.map((crumb, i) => (
              <span key={crumb.label} class="crumb">
                {i > 0 && <Icon name="chevronRight" size="sm" />}
                {crumb.href
                  ? <a href={crumb.href} aria-current="false">{crumb.label}</a>
                  : <span>{crumb.label}</span>}
              </span>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
        {meta && <div class="ticket-meta">{meta}</div>}
      </div>
      {actions && <div class="page-actions">{actions}</div>}
    </header>
  );
}
