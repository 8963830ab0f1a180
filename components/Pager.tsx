import { ButtonLink } from "./Button.tsx";

/** Steps of a keyset list: forward, and back to the start. `shown` says what is on this page. */
export function Pager({ firstHref, nextHref, shown }: {
  firstHref?: string | undefined;
  nextHref?: string | undefined;
  shown?: string | undefined;
}) {
  if (!firstHref && !nextHref && !shown) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <span>{shown}</span>
      <span class="pager-links">
        {firstHref && <ButtonLink href={firstHref} size="sm" icon="chevronLeft">First page</ButtonLink>}
        {nextHref && <ButtonLink href={nextHref} size="sm">Next page</ButtonLink>}
      </span>
    </nav>
  );
}
