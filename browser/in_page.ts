/** What was typed or ticked before an island's script arrived: it has to be the island's starting state. */

/** The elements of a selector in the page; none on the server. */
export function inPage<E extends Element = HTMLElement>(selector: string): E[] {
  return typeof document === "undefined" ? [] : [...document.querySelectorAll<E>(selector)];
}

/** The text of the first field of a selector, or `otherwise` where there is none yet. */
export function textInPage(selector: string, otherwise: string): string {
  return inPage<HTMLInputElement>(selector)[0]?.value ?? otherwise;
}
