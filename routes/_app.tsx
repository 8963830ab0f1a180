import { asset } from "fresh/runtime";
import { Stylesheet } from "@/components/Stylesheet.tsx";
import { define } from "@/define.ts";

/** Prefetches the page of a hovered link, except the API and links that mark a notification as read. */
const SPECULATION = JSON.stringify({
  prefetch: [{
    where: { and: [{ href_matches: "/*" }, { not: { href_matches: ["/v1/*", "/notifications/*"] } }] },
    eagerness: "moderate",
  }],
});

export default define.layout(({ Component, state }) => (
  <html lang="en" data-theme={state.viewer?.actor.theme ?? state.theme ?? "system"}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{state.title ? `${state.title} · ServiceHub` : "ServiceHub"}</title>
      <Stylesheet asset={asset} />
      <script type="speculationrules" dangerouslySetInnerHTML={{ __html: SPECULATION }} />
    </head>
    <body>
      <Component />
    </body>
  </html>
));
