import { useEffect } from "preact/hooks";

/** Applies the filters of a list without a button: selects at once, checkboxes when their menu closes. */
export function AutoFilter() {
  useEffect(() => {
    const form = document.querySelector<HTMLFormElement>("form.filters");
    if (!form) return;
    let ticked = false;
    const onChange = (event: Event) => {
      const target = event.target as HTMLElement;
      if (target.matches("select")) form.requestSubmit();
      else if (target.matches("input[type=checkbox]")) ticked = true;
    };
    const onToggle = (event: Event) => {
      const menu = event.target as HTMLDetailsElement;
      if (ticked && menu.matches("details.menu") && !menu.open) form.requestSubmit();
    };
    form.addEventListener("change", onChange);
    // `toggle` does not bubble.
    form.addEventListener("toggle", onToggle, { capture: true });
    return () => {
      form.removeEventListener("change", onChange);
      form.removeEventListener("toggle", onToggle, { capture: true });
    };
  }, []);
  return null;
}
