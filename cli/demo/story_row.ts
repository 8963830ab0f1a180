import type { Level } from "@/domain/tickets/model/priority.ts";

export type StoryRow = [
  place: [queue: string, category: string],
  kind: [type: "i" | "r", impact: Level, urgency: Level],
  titles: string[],
  descriptions: string[],
  talk: [ask: string, answer: string, note?: string][],
  resolutions: string[],
  tags?: string[],
];
