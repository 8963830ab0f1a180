import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

/** A framed group. `flush` lets a table or list reach the frame. */
export function Card({ title, actions, flush, children }: {
  title?: string | undefined;
  actions?: ComponentChildren;
  flush?: boolean | undefined;
  children: ComponentChildren;
}) {
  return (
    <section class={flush ? "card card-flush" : "card"}>
      {(title || actions) && (
        <div class="card-header">
          {title && <h2>{title}</h2>}
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

/** One figure with its name; a link to the list behind it where there is one. */
export function StatCard({ label, value, hint, icon, href }: {
  label: string;
  value: number | string;
  hint?: ComponentChildren;
  icon?: IconName | undefined;
  href?: string | undefined;
}) {
  const content = (
    <>
      <span class="stat-label">
        {icon && <Icon name={icon} size="sm" />}
        {label}
      </span>
      <span class="stat-value">{value}</span>
      {hint && <span class="hint">{hint}</span>}
    </>
  );
  return href
    ? <a class="card stat" href={href} aria-current="false">{content}</a>
    : <div class="card stat">{content}</div>;
}
