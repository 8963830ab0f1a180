import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import { DEVICE_STORIES } from "./stories_devices.ts";
import { SERVICE_STORIES } from "./stories_services.ts";
import type { Level } from "@/domain/tickets/model/priority.ts";

/** A recurring kind of request. `{words}` in texts are filled from {@link WORDS}, consistently within a ticket. */
export interface Story {
  queue: string;
  category: string;
  type: TicketType;
  impact: Level;
  urgency: Level;
  titles: string[];
  descriptions: string[];
  /** `note` is internal. */
  talk: { ask: string; answer: string; note?: string }[];
  resolutions: string[];
  tags: string[];
}

export const WORDS: Record<string, string[]> = {
  app: [
    "SAP",
    "Salesforce",
    "Jira",
    "the time sheet",
    "the travel tool",
    "Confluence",
    "the intranet",
    "Power BI",
  ],
  drive: ["Finance", "Sales", "Marketing", "HR", "Projects", "Legal", "Engineering"],
  room: ["Aurora", "Borealis", "Cumulus", "Drift", "Estuary", "Fjord"],
  floor: ["1", "2", "3", "4"],
  site: ["Gdańsk", "Porto", "Malmö", "Utrecht", "the warehouse"],
  laptop: ["ThinkPad T14", "Latitude 7440", "MacBook Air", "EliteBook 840", "Surface Laptop"],
  phone: ["iPhone 15", "Galaxy S24", "Pixel 8"],
  newcomer: ["Grete Holm", "Paulo Reis", "Milan Kos", "Ada Nowak", "Sven Ek", "Tara Singh"],
  day: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
  time: ["this morning", "yesterday", "lunch", "the last update", "last week"],
  error: ["0x80070005", "ERR_CONNECTION_RESET", "403", "error 809", "“something went wrong”", "0x800f0922"],
};

export const STORIES: Story[] = [...DEVICE_STORIES, ...SERVICE_STORIES].map(
  ([[queue, category], [type, impact, urgency], titles, descriptions, talk, resolutions, tags = []]) => ({
    queue,
    category,
    type: type === "i" ? "incident" : "service_request",
    impact,
    urgency,
    titles,
    descriptions,
    talk: talk.map(([ask, answer, note]) => ({ ask, answer, ...(note ? { note } : {}) })),
    resolutions,
    tags,
  }),
);
