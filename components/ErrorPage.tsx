import type { ComponentChildren } from "preact";
import { ButtonLink } from "./Button.tsx";

/** An error as a page: what happened, what to do, and the request id to quote. Also fits inside the shell. */
export function ErrorPage({ status, title, detail, requestId, homeHref = "/", children }: {
  status: number;
  title: string;
  detail?: string | undefined;
  requestId?: string | undefined;
  homeHref?: string | undefined;
  children?: ComponentChildren;
}) {
  return (
    <div class="error-page">
      <p class="error-code">Error {status}</p>
      <h1>{title}</h1>
      {detail && <p class="lead">{detail}</p>}
      {children ?? <ButtonLink href={homeHref} variant="primary">Back to start</ButtonLink>}
      {requestId && (
        <p class="error-ref">
          If it happens again, quote <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}
