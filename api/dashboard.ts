import { readDashboard } from "@/domain/dashboard/read.ts";
import { ANYONE } from "@/domain/permissions.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { DashboardSchema } from "./schemas/dashboard.ts";

export const dashboard: AnyOperation[] = [
  operation({
    method: "get",
    path: "/dashboard",
    tag: "Dashboard",
    summary: "Get what you need to know first: your requests, your work, your team, or the system's health",
    roles: ANYONE,
    status: 200,
    response: DashboardSchema,
    run: async (cx) => ({ body: below(await readDashboard(cx)) }),
  }),
];

/** With the lists of the API: a figure is known by its `list`. */
function below<T>(part: T): T {
  if (Array.isArray(part)) return part.map(below) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).map(([name, value]) => [name, below(value)]);
  const whole = Object.fromEntries(entries);
  return typeof whole.list === "string" ? { ...whole, list: apiPath(whole.list) } : whole;
}

const apiPath = (list: string) => `/v1${list.replace(/^\/admin/, "")}`;
