import type { ComponentChildren } from "preact";
import { Banner } from "./Banner.tsx";
import { ButtonLink } from "./Button.tsx";

/** Above a form that was refused because someone else saved first; nothing for any other. Saving again is a choice then. */
export function StaleNotice({ form, href, children }: {
  form: { refusal?: { code: string } | undefined };
  /** The page as it is saved. */
  href: string;
  /** What the other one saved, where it is short. */
  children?: ComponentChildren;
}) {
  if (form.refusal?.code !== "stale_version") return null;
  return (
    <Banner kind="warning">
      Someone else saved changes in the meantime. Your version is below. Saving it replaces theirs.{" "}
      <ButtonLink href={href} size="sm">Show theirs</ButtonLink>
      {children}
    </Banner>
  );
}
