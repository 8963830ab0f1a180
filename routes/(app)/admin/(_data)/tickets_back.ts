import type { Count } from "@/domain/shared/types.ts";

/** The rest of a message: ". 3 tickets went back to the queue"; empty for none. Of more than a few, a job does it. */
export function ticketsBack(
  { tickets, underWay }: { tickets: number; underWay: boolean },
  where: string,
): string {
  if (underWay) return ". What they leave behind is being handed over";
  if (tickets === 0) return "";
  return `. ${tickets === 1 ? "1 ticket" : `${tickets} tickets`} went back to ${where}`;
}

/** "1 ticket", "1000+ tickets". */
export function ticketsSaid({ count, capped }: Count): string {
  return `${count}${capped ? "+" : ""} ${count === 1 ? "ticket" : "tickets"}`;
}
