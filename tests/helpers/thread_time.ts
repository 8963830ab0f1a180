/** Processor time alone, which a busy machine doesn't change. */

const isMac = Deno.build.os === "darwin";
const { symbols: libc } = Deno.dlopen(isMac ? "libSystem.dylib" : "libc.so.6", {
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
});
const CLOCK_THREAD_CPUTIME_ID = isMac ? 16 : 3;
const time = new BigInt64Array(2);

/** What this thread has used, in milliseconds. Node's and Deno's own figures come in steps of ten. */
export function threadTime(): number {
  libc.clock_gettime(CLOCK_THREAD_CPUTIME_ID, time);
  return Number(time[0]) * 1e3 + Number(time[1]) / 1e6;
}

/** What the event loop's thread used for `work`, in milliseconds. */
export async function threadTimeOf<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const before = threadTime();
  const result = await work();
  return { result, ms: threadTime() - before };
}
