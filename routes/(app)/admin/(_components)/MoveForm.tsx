import type { ComponentChildren } from "preact";
import { Button } from "@/components/Button.tsx";

interface Props {
  /** What takes `id` and `to`, `up` or `down`. */
  action: string;
  item: { id: string; name: string };
  /** Whether it is the first or the last of those it is moved among. */
  first: boolean;
  last: boolean;
  /** What else is done with the row. */
  children?: ComponentChildren;
}

/** Moves a row of an ordered list up or down, by a form of its own. */
export function MoveForm({ action, item: { id, name }, first, last, children }: Props) {
  return (
    <form class="tree-actions" method="post" action={action}>
      <input type="hidden" name="id" value={id} />
      <Button name="to" value="up" size="sm" variant="quiet" disabled={first} label={`Move ${name} up`}>
        Up
      </Button>
      <Button name="to" value="down" size="sm" variant="quiet" disabled={last} label={`Move ${name} down`}>
        Down
      </Button>
      {children}
    </form>
  );
}
