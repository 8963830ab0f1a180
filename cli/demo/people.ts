import type { Role } from "@/domain/cx.ts";

export interface DemoPerson {
  role: Role;
  name: string;
  email: string;
  /** By name. */
  queues: string[];
}

export const DEMO_PASSWORD = "a quiet harbour at dawn";

export const DEMO_QUEUES: {
  name: string;
  description: string;
  rule: "manual" | "round_robin" | "least_loaded";
}[] = [
  {
    name: "Service desk",
    description: "First stop for everything without a team of its own",
    rule: "manual",
  },
  { name: "Network", description: "Wi-Fi, VPN, firewalls and cables", rule: "round_robin" },
  { name: "Hardware", description: "Laptops, screens, printers and phones", rule: "least_loaded" },
  { name: "Access", description: "Accounts, groups, passwords and shared drives", rule: "least_loaded" },
  { name: "Applications", description: "ERP, CRM, mail and the intranet", rule: "manual" },
];

const STAFF: [Role, string, string[]][] = [
  ["ADMIN", "Bea Kowalczyk", []],
  ["MANAGER", "Mona Haddad", ["Service desk"]],
  ["AGENT", "Emi Tanaka", ["Access", "Service desk"]],
  ["AGENT", "Farid Nasser", ["Hardware", "Service desk"]],
  ["AGENT", "Lena Bergström", ["Network"]],
  ["AGENT", "Tomás Ferreira", ["Applications"]],
  ["AGENT", "Priya Raman", ["Applications", "Access"]],
  ["AGENT", "Jonas Weber", ["Hardware", "Network"]],
];

const REQUESTERS = [
  "Daniel Okafor",
  "Ana Silva",
  "Grete Lind",
  "Marek Novák",
  "Aisha Bello",
  "Pierre Lambert",
  "Sofia Rossi",
  "Liam Murphy",
  "Yuki Sato",
  "Carmen Díaz",
  "Noah Fischer",
  "Ingrid Solberg",
  "Omar Khalil",
  "Elif Yılmaz",
  "Hannah Cohen",
  "Ravi Patel",
  "Chloe Martin",
  "Mateusz Zieliński",
  "Nadia Petrova",
  "Samuel Asante",
  "Lucía Moreno",
  "Erik Johansson",
  "Mei Chen",
  "Oliver Brown",
  "Fatima Zahra",
  "Jan de Vries",
  "Katarína Horváth",
  "Ben Adeyemi",
  "Julia Schneider",
  "Thiago Costa",
  "Anouk Dubois",
  "Viktor Lindqvist",
];

export const DEMO_PEOPLE: DemoPerson[] = [
  ...STAFF.map(([role, name, queues]) => ({ role, name, email: address(name), queues })),
  ...REQUESTERS.map((name) => ({ role: "REQUESTER" as const, name, email: address(name), queues: [] })),
];

/** First names are unique. */
function address(name: string): string {
  const first = name.split(" ")[0]!.toLowerCase().normalize("NFKD").replaceAll(/[^a-z]/g, "");
  return `${first}@northwind.example`;
}

export function signIns(): DemoPerson[] {
  const roles = Map.groupBy(DEMO_PEOPLE, ({ role }) => role);
  return [...roles.values()].flatMap((people) => people.slice(0, 2));
}
