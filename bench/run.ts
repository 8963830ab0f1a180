/**
 * `deno task bench`: how fast the product is, and beside it the same SQL run straight on the same database.
 *
 * Fills 20 tenants, takes down what SQL each operation sends, starts the product's own process on that data, and
 * measures product and ceiling in turns. Writes a table in Markdown to standard output, progress to standard error.
 *
 *   --only create,list   these operations alone
 *   --seconds 3          length of each run
 *   --rounds 5           turns of product and ceiling; medians are shown
 *   --small              a quarter of the data, for a look
 *   --plans              instead, the plans of lists at 1,000,000 tickets
 *   --sla                instead, how long the clocks of a year of a ticket's history take
 *   --only lookups       instead, what the cache of configuration saves a new ticket
 *   --only batching      instead, what one write a turn saves on a connection to the database
 *   --only jobs          instead, how fast jobs are done, and how soon a mail leaves
 *   --only events        instead, what 10,000 event streams cost, and how soon events reach them
 *   --only exports       instead, downloads of lists of 100,000 tickets
 *   --only facts         instead, what making the facts of reports adds to changes of tickets
 *   --only reports       instead, what reports cost in a tenant of 1,000,000 tickets
 *   --only search        instead, the search among 1,000,000 tickets and 3,000,000 comments
 */
import { parseArgs } from "node:util";
import { measureBatching } from "./batching.ts";
import { makeFolder } from "./cluster.ts";
import { checkEvents } from "./events.ts";
import { checkExports } from "./exports.ts";
import { checkJobs } from "./jobs.ts";
import { measureFacts } from "./facts.ts";
import { measureLookups } from "./lookups.ts";
import { measure } from "./measure.ts";
import { checkPlans } from "./plans.ts";
import { print } from "./print.ts";
import { checkClocks } from "./sla.ts";
import { checkReports } from "./reports.ts";
import { checkSearch } from "./search.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "5" },
    small: { type: "boolean", default: false },
    plans: { type: "boolean", default: false },
    sla: { type: "boolean", default: false },
  },
});

const dir = await makeFolder();
let good = false;
try {
  const seconds = Number(values.seconds);
  const many = values.small ? 100_000 : 1_000_000;
  if (values.sla) good = checkClocks();
  else if (values.plans) good = await checkPlans(dir, many);
  else if (values.only === "batching") {
    good = await measureBatching(dir, { seconds, rounds: Number(values.rounds) });
  } else if (values.only === "jobs") good = await checkJobs(dir);
  else if (values.only === "lookups") {
    await measureLookups(dir, { seconds, rounds: Number(values.rounds) });
    good = true;
  } else if (values.only === "events") {
    good = await checkEvents({ streams: values.small ? 1_000 : 10_000, events: 20 });
  } else if (values.only === "exports") good = await checkExports(dir, values.small ? 10_000 : 100_000);
  else if (values.only === "facts") {
    good = await measureFacts(
      dir,
      values.small ? { tickets: 200, size: 5_000 } : { tickets: 1_000, size: 50_000 },
    );
  } else if (values.only === "reports") good = await checkReports(dir, many);
  else if (values.only === "search") good = await checkSearch(dir, { tickets: many, seconds });
  else {
    good = await measure(dir, {
      ...(values.only ? { only: values.only.split(",") } : {}),
      seconds,
      rounds: Number(values.rounds),
      small: values.small,
    });
  }
} finally {
  await Deno.remove(dir, { recursive: true });
}
print(good ? "\nEvery bar is met." : "\nA bar is missed.");
Deno.exit(good ? 0 : 1);
