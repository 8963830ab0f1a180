import type { Option } from "@/components/types.ts";

export const ROLE_OPTIONS: Option[] = [
  { value: "REQUESTER", label: "Requester: asks for help" },
  { value: "AGENT", label: "Agent: works on tickets" },
  { value: "MANAGER", label: "Manager: runs queues and reports" },
  { value: "ADMIN", label: "Admin: sets everything up" },
];
