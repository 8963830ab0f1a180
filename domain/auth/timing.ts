/** Longer than the work that it hides; short enough not to be felt behind a form. */
const FLOOR_MS = 150;

/** Does `work`, and answers no sooner than a fixed time after the start, so that the time tells nothing of the work. */
export async function withMinimumDuration<T>(work: () => Promise<T>): Promise<T> {
  const floor = new Promise<void>((resolve) => setTimeout(resolve, FLOOR_MS));
  const [result] = await Promise.allSettled([work(), floor]);
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
