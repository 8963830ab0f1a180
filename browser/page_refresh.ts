/**
 * Brings parts of an open page up to what the server would show now. What somebody is using (a field with something
 * typed, an open menu, whatever has the focus) is left alone, and so are islands: each says on its root element that it
 * is one.
 */

const ISLAND = "[data-island]";

/** The page at an address as it is now; null when it can't be had, or leads elsewhere. */
export async function fetchPage(href: string): Promise<Document | null> {
  const response = await fetch(href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Brings the elements of a selector up to date, each with the one at its place. @returns false where some were busy */
export function refreshAll(selector: string, next: Document): boolean {
  const [old, fresh] = [document, next].map((page) => [...page.querySelectorAll(selector)]);
  if (old!.length !== fresh!.length) return true;
  return old!.map((element, i) => refresh(element, fresh![i]!)).every(Boolean);
}

/** Brings an element up to date with one that was rendered anew. @returns false where something in it was busy */
export function refresh(old: Element, fresh: Element): boolean {
  if (old.matches(ISLAND)) return true;
  if (hasIsland(old)) return refreshChildren(old, fresh);
  if (isSame(old, fresh)) return true;
  if (isBusy(old)) return false;
  keepOpen(old, fresh);
  old.replaceWith(document.importNode(fresh, true));
  return true;
}

/** The same for what is in it: new children come in, those that are gone go. */
export function refreshChildren(old: Element, fresh: Element): boolean {
  // An island listens to the elements beside it, as in the reply box: they have to stay.
  if ([...old.children].some((child) => child.matches(ISLAND))) return true;
  let complete = true;
  const left = [...old.children];
  for (const child of [...fresh.children]) {
    const at = left.findIndex((one) => keyOf(one) === keyOf(child));
    if (at < 0) {
      if (!hasIsland(child)) old.insertBefore(document.importNode(child, true), left[0] ?? null);
      continue;
    }
    const passed = left.splice(0, at + 1);
    const match = passed.pop()!;
    for (const gone of passed) complete = remove(gone) && complete;
    complete = refresh(match, child) && complete;
  }
  for (const gone of left) complete = remove(gone) && complete;
  return complete;
}

/** Whether somebody is at it. */
export function isBusy(element: Element): boolean {
  if (element.contains(document.activeElement) && document.activeElement !== document.body) return true;
  if (element.querySelector("details.menu[open]")) return true;
  return [...element.querySelectorAll<HTMLInputElement>("input, textarea, select")].some((field) => {
    if (field instanceof HTMLSelectElement) return isChanged(field);
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.type !== "hidden" && field.value !== field.defaultValue;
  });
}

function isChanged(select: HTMLSelectElement): boolean {
  const options = [...select.options];
  return options.some((option) => option.defaultSelected) &&
    options.some((option) => option.selected !== option.defaultSelected);
}

function hasIsland(element: Element): boolean {
  return element.matches(ISLAND) || element.querySelector(ISLAND) !== null;
}

function remove(element: Element): boolean {
  if (hasIsland(element)) return true;
  if (isBusy(element)) return false;
  element.remove();
  return true;
}

/** What an element is among its siblings: its id, or what it looks like. */
function keyOf(element: Element): string {
  const title = element.querySelector(":scope > summary")?.textContent?.replace(/\(.*/, "").trim() ?? "";
  return element.id || `${element.tagName}.${element.classList[0] ?? ""}.${title}`;
}

/** Whether two would look the same, but for how long ago things are and the key of a form. */
export function isSame(old: Element, fresh: Element): boolean {
  return plain(old) === plain(fresh);
}

function plain(element: Element): string {
  // Comments are the framework's own, and go when the page starts.
  return element.outerHTML.replaceAll(/<!--[^]*?-->/g, "").replaceAll(/<time[^>]*>[^<]*/g, "")
    .replaceAll(/ open=""| is-new\b/g, "")
    .replaceAll(/name="idempotencyKey" value="[^"]*"/g, "");
}

/** What was unfolded stays so. */
function keepOpen(old: Element, fresh: Element): void {
  const [before, after] = [old, fresh].map((one) => [
    ...(one.matches("details") ? [one] : []),
    ...one.querySelectorAll("details"),
  ]);
  for (const [i, element] of after!.entries()) {
    if (before![i]?.hasAttribute("open")) element.setAttribute("open", "");
  }
}
