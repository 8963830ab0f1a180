/** A person as others see them; the address is for staff. */
export interface Person {
  id: string;
  name: string;
  email?: string;
}

/** A thing by id and name. */
export interface Named {
  id: string;
  name: string;
}

/** One page of a list; the cursor leads to the next. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** How many there are; `capped` when counting stopped there. */
export interface Count {
  count: number;
  capped: boolean;
}
