import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Selects all rows at once, a range with Shift, or the focused row with `x`. `form` is the id of the boxes' form. */
export function BulkSelect({ form }: { form: string }) {
  const chosen = useSignal(0);
  const total = useSignal(0);
  useEffect(() => {
    let last: HTMLInputElement | undefined;
    const count = () => {
      const boxes = boxesOf(form);
      total.value = boxes.length;
      chosen.value = boxes.filter((box) => box.checked).length;
      document.getElementById(form)?.classList.toggle("has-selection", chosen.value > 0);
    };
    const onClick = (event: MouseEvent) => {
      const box = event.target as HTMLInputElement;
      const boxes = boxesOf(form);
      if (!boxes.includes(box)) return;
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to! + 1)) between.checked = box.checked;
      }
      last = box;
      count();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      const box = target.closest("tr")?.querySelector<HTMLInputElement>(`input[form="${form}"]`);
      if (!box || target.closest("textarea, select, input:not([type=checkbox])")) return;
      event.preventDefault();
      box.checked = !box.checked;
      last = box;
      count();
    };
    addEventListener("click", onClick);
    addEventListener("keydown", onKey);
    // A page from the back/forward cache has its boxes as they were.
    addEventListener("pageshow", count);
    count();
    return () => {
      removeEventListener("click", onClick);
      removeEventListener("keydown", onKey);
      removeEventListener("pageshow", count);
    };
  }, [form]);
  const toggleAll = (event: Event) => {
    const { checked } = event.currentTarget as HTMLInputElement;
    for (const box of boxesOf(form)) box.checked = checked;
    chosen.value = checked ? total.value : 0;
    document.getElementById(form)?.classList.toggle("has-selection", checked);
  };
  return (
    <div data-island class="bulk-count">
      <label class="check">
        <input
          type="checkbox"
          checked={chosen.value > 0 && chosen.value === total.value}
          ref={(box) => {
            if (box) box.indeterminate = chosen.value > 0 && chosen.value < total.value;
          }}
          onChange={toggleAll}
        />
        <span role="status">{chosen.value > 0 ? `${chosen.value} selected` : "Select all on this page"}</span>
      </label>
    </div>
  );
}

function boxesOf(form: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][form="${form}"]`)];
}
