const FILES = [
  "/tokens.css",
  "/css/base.css",
  "/css/shell.css",
  "/css/forms.css",
  "/css/menus.css",
  "/css/content.css",
  "/css/marks.css",
  "/css/tables.css",
  "/css/lists.css",
  "/css/board.css",
  "/css/catalog.css",
  "/css/ticket.css",
  "/css/sla.css",
  "/css/sla_admin.css",
  "/css/work.css",
  "/css/files.css",
  "/css/composer.css",
  "/css/live.css",
  "/css/notifications.css",
  "/css/admin.css",
  "/css/webhooks.css",
  "/css/search.css",
  "/css/public.css",
];

/** The links of the page head, in order. `asset` adds the build's cache key to a path. */
export function Stylesheets({ asset = (path) => path }: { asset?: (path: string) => string }) {
  return (
    <>
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
      {FILES.map((path) => <link key={path} rel="stylesheet" href={asset(path)} />)}
    </>
  );
}
