export const LINK_KINDS = ["relates", "duplicates", "blocks", "parent", "follows"] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** What one ticket is to another, as people choose it. */
export const RELATIONS = [
  "relates_to",
  "duplicates",
  "duplicated_by",
  "blocks",
  "blocked_by",
  "parent_of",
  "child_of",
] as const;

/** In the order in which a ticket shows them. */
export const ALL_RELATIONS = [
  "child_of",
  "parent_of",
  "blocked_by",
  "blocks",
  "duplicates",
  "duplicated_by",
  "follows",
  "followed_by",
  "relates_to",
] as const;
export type Relation = (typeof ALL_RELATIONS)[number];

export const RELATION_LABELS: Readonly<Record<Relation, string>> = {
  relates_to: "Relates to",
  duplicates: "Duplicates",
  duplicated_by: "Is duplicated by",
  blocks: "Blocks",
  blocked_by: "Is blocked by",
  parent_of: "Is parent of",
  child_of: "Is child of",
  follows: "Follows up",
  followed_by: "Is followed up by",
};

const LINKS: Readonly<Record<Relation, { kind: LinkKind; forward: boolean }>> = {
  relates_to: { kind: "relates", forward: true },
  duplicates: { kind: "duplicates", forward: true },
  duplicated_by: { kind: "duplicates", forward: false },
  blocks: { kind: "blocks", forward: true },
  blocked_by: { kind: "blocks", forward: false },
  parent_of: { kind: "parent", forward: true },
  child_of: { kind: "parent", forward: false },
  follows: { kind: "follows", forward: true },
  followed_by: { kind: "follows", forward: false },
};

export interface Ends {
  kind: LinkKind;
  sourceId: string;
  targetId: string;
}

/** The row for "`here` is … to `there`". Without a direction the smaller id comes first. */
export function endsOf(relation: Relation, here: string, there: string): Ends {
  const { kind, forward } = LINKS[relation];
  const inOrder = kind === "relates" ? here < there : forward;
  return inOrder ? { kind, sourceId: here, targetId: there } : { kind, sourceId: there, targetId: here };
}

/** What the ticket at the source, or at the target, is to the other one. */
export function relationOf(kind: LinkKind, isSource: boolean): Relation {
  const found = ALL_RELATIONS.find((relation) =>
    LINKS[relation].kind === kind && (kind === "relates" || LINKS[relation].forward === isSource)
  );
  return found!;
}

export function reversed(relation: Relation): Relation {
  const { kind, forward } = LINKS[relation];
  return relationOf(kind, !forward);
}

/** Which ticket of a link must be resolved first; null for neither. */
export function blockingIn({ kind, sourceId, targetId }: Ends): { blocked: string; blocker: string } | null {
  if (kind === "parent") return { blocked: sourceId, blocker: targetId };
  return kind === "blocks" ? { blocked: targetId, blocker: sourceId } : null;
}
