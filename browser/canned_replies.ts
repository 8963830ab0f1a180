export interface PickerItem {
  id: string;
  title: string;
  text: string;
}

export async function searchCannedReplies(words: string, signal: AbortSignal): Promise<PickerItem[]> {
  const { items } = await get(`/v1/canned-replies?limit=20&q=${encodeURIComponent(words)}`, signal);
  return (items as { id: string; title: string; shared: boolean }[])
    .map(({ id, title, shared }) => ({ id, title, text: shared ? "" : "Only you" }));
}

/** The Markdown of a canned reply, its placeholders not filled in yet. */
export async function readCannedReply(id: string): Promise<string> {
  return (await get(`/v1/canned-replies/${id}`)).body as string;
}

async function get(path: string, signal: AbortSignal | null = null): Promise<Record<string, unknown>> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`Cannot read "${path}": ${response.status}`);
  return await response.json();
}
