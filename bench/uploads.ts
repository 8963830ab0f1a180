/**
 * `deno run -A bench/uploads.ts`: how much memory parallel uploads take. Starts the product's own process on a new data
 * directory, uploads 20 files of 25 MiB at once, several times, and prints by how much the process grew. The bar is
 * 100 MiB.
 */
import { makeFolder } from "./cluster.ts";
import { figure, print, table } from "./print.ts";
import { build, startProduct } from "./product.ts";
import { measureUploads } from "./upload_load.ts";

const PARALLEL = 20;
const MIB_EACH = 25;
const BAR_MIB = 100;

const dir = await makeFolder();
let good = false;
try {
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir, { mode: 0o755 });
  await build();
  const product = await startProduct(dataDir);
  try {
    const url = `http://127.0.0.1:${product.port}`;
    const rows: string[][] = [];
    for (let round = 1; round <= 3; round++) {
      const result = await measureUploads({ url, pid: product.pid, parallel: PARALLEL, mib: MIB_EACH });
      rows.push([
        String(round),
        figure(result.beforeMiB),
        figure(result.peakMiB),
        figure(result.peakMiB - result.beforeMiB),
        figure(PARALLEL * MIB_EACH / result.seconds),
      ]);
      // The first round warms up: what the process needs once for all uploads is in it.
      good = rows.every((row) => Number(row[3]!.replaceAll(",", "")) <= BAR_MIB);
    }
    print(`\n${PARALLEL} uploads of ${MIB_EACH} MiB at once, resident memory of the process:\n`);
    print(table(["round", "before (MiB)", "peak (MiB)", `grown by (bar ≤ ${BAR_MIB} MiB)`, "MiB/s"], rows));
  } finally {
    await product.stop();
  }
} finally {
  await Deno.remove(dir, { recursive: true });
}
print(good ? "\nThe bar is met." : "\nThe bar is missed.");
Deno.exit(good ? 0 : 1);
