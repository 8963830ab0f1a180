import type { ComponentChildren } from "preact";
import { Button } from "@/components/Button.tsx";

interface Props {
  action: string;
  item: { id: string; name: string };
  first: boolean;
  last: boolean;
  children?: ComponentChildren;
}

/** Buttons that move a row of an ordered list; `children` are further actions. */
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
