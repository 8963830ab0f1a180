/** Longer than the work it hides. */
const FLOOR_MS = 150;

/** Runs `work`, and returns no sooner than a fixed time, so that timing reveals nothing. */
export async function withMinimumDuration<T>(work: () => Promise<T>): Promise<T> {
  const floor = new Promise<void>((resolve) => setTimeout(resolve, FLOOR_MS));
  const [result] = await Promise.allSettled([work(), floor]);
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
