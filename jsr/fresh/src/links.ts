/**
 * Says of a link whether it leads to the page it is on, or to one above it in the path. A link that has `aria-current`
 * stays as it is.
 */
export function markCurrent(props: Record<string, unknown>, page: URL): void {
  const { href } = props;
  if (typeof href !== "string" || !href.startsWith("/") || props["aria-current"] !== undefined) return;
  const { pathname, search } = new URL(href, "http://link.invalid");
  const [here, there] = [page.pathname, pathname].map((path) => path.replace(/(?<=.)\/$/, ""));
  if (here === there && (search === "" || search === page.search)) {
    Object.assign(props, { "data-current": "true", "aria-current": "page" });
  } else if (here === there || there === "/" || here?.startsWith(`${there}/`)) {
    Object.assign(props, { "data-ancestor": "true", "aria-current": "true" });
  }
}
