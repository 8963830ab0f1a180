/** The rest of a message: ". 3 tickets went back to the queue"; empty for none. */
export function ticketsBack(tickets: number, where: string): string {
  if (tickets === 0) return "";
  return `. ${tickets === 1 ? "1 ticket" : `${tickets} tickets`} went back to ${where}`;
}
