/** The address is for staff. */
export interface Person {
  id: string;
  name: string;
  email?: string;
}

export interface Named {
  id: string;
  name: string;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** `capped` when counting stopped there. */
export interface Count {
  count: number;
  capped: boolean;
}
