/** How the page looks, for its head. `asset` adds the build's cache key to a path. */
export function Stylesheet({ asset }: { asset: (path: string) => string }) {
  return (
    <>
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
      <link rel="stylesheet" href={asset("/styles.css")} />
    </>
  );
}
