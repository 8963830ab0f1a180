/** The mark: two sides of a conversation around one point. Ink is the accent, lines are the page's ground. */
export function Logo({ label }: { label?: string | undefined }) {
  return (
    <svg
      class="logo"
      viewBox="0 0 32 32"
      width="32"
      height="32"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : "true"}
    >
      <rect class="logo-ground" width="32" height="32" rx="8.5" />
      <path
        class="logo-line"
        d="M23 9.4h-8.4a5.4 5.4 0 0 0-5.4 5.4v.6M9 22.6h8.4a5.4 5.4 0 0 0 5.4-5.4v-.6"
      />
      <circle class="logo-hub" cx="16" cy="16" r="2.5" />
    </svg>
  );
}

/** Mark and name as the way home. `organisation` is shown below the name when signed in. */
export function Brand({ href, organisation }: { href: string; organisation?: string | undefined }) {
  return (
    <a class="brand" href={href} aria-current="false">
      <Logo />
      <span class="brand-names">
        <span class="brand-name">ServiceHub</span>
        {organisation && <span class="brand-org truncate">{organisation}</span>}
      </span>
    </a>
  );
}
