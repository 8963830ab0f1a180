type Address = Pick<URL, "pathname" | "searchParams">;

/** The address of a list's next page, with the same filters; undefined on the last page. */
export function nextHref(url: Address, cursor: string | null): string | undefined {
  return cursor === null ? undefined : withCursor(url, cursor);
}

export function firstHref(url: Address): string | undefined {
  return url.searchParams.has("cursor") ? withCursor(url, null) : undefined;
}

function withCursor({ pathname, searchParams }: Address, cursor: string | null): string {
  const query = new URLSearchParams([...searchParams].filter(([name]) => name !== "cursor"));
  if (cursor !== null) query.set("cursor", cursor);
  return query.size > 0 ? `${pathname}?${query}` : pathname;
}
