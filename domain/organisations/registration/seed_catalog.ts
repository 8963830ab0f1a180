import type { FormField } from "@/domain/catalog/fields.ts";

function field(given: Pick<FormField, "key" | "type" | "label"> & Partial<FormField>): FormField {
  return { help: "", required: false, options: [], showIf: null, min: undefined, max: undefined, ...given };
}

/** `category` is the name of a seeded category. */
export const SEED_CATALOG_ITEMS: {
  name: string;
  section: string;
  icon: string;
  description: string;
  category: string;
  fields: FormField[];
}[] = [
  {
    name: "New laptop",
    section: "Equipment",
    icon: "monitor",
    description: "A laptop with the usual software, for you or for a colleague.",
    category: "Laptop or desktop",
    fields: [
      field({
        key: "size",
        type: "choice",
        label: "Size",
        required: true,
        options: ["14 inches", "16 inches"],
      }),
      field({ key: "for_other", type: "checkbox", label: "This is for someone else" }),
      field({
        key: "person",
        type: "user",
        label: "Who is it for?",
        help: "Their email address",
        required: true,
        showIf: { field: "for_other", equals: "yes" },
      }),
      field({ key: "needed", type: "date", label: "Needed by" }),
      field({ key: "remarks", type: "long_text", label: "Anything else?" }),
    ],
  },
  {
    name: "Software",
    section: "Software and access",
    icon: "book",
    description: "Install an application, or get a licence for it.",
    category: "Installation",
    fields: [
      field({ key: "name", type: "text", label: "Which software?", required: true }),
      field({
        key: "licence",
        type: "choice",
        label: "Is there a licence?",
        required: true,
        options: ["Yes", "No", "I don't know"],
      }),
      field({
        key: "cost_centre",
        type: "text",
        label: "Cost centre",
        required: true,
        showIf: { field: "licence", equals: "No" },
      }),
      field({ key: "reason", type: "long_text", label: "What for?" }),
    ],
  },
  {
    name: "Access to an application or folder",
    section: "Software and access",
    icon: "lock",
    description: "Read or write access, for you or a colleague.",
    category: "Permissions",
    fields: [
      field({ key: "where", type: "text", label: "Application or folder", required: true }),
      field({ key: "rights", type: "choice", label: "Rights", required: true, options: ["Read", "Write"] }),
      field({ key: "approved_by", type: "user", label: "Who has approved it?", help: "Email address" }),
      field({ key: "until", type: "date", label: "Until", help: "Leave empty for no end date" }),
    ],
  },
  {
    name: "New colleague",
    section: "People",
    icon: "users",
    description: "Account, equipment and access for a new colleague.",
    category: "New account",
    fields: [
      field({ key: "name", type: "text", label: "Name", required: true }),
      field({ key: "starts", type: "date", label: "First day", required: true }),
      field({
        key: "needs",
        type: "choices",
        label: "What is needed?",
        required: true,
        options: ["Account and mailbox", "Laptop", "Phone", "Door badge"],
      }),
      field({
        key: "phone",
        type: "choice",
        label: "Which phone?",
        options: ["iPhone", "Android"],
        showIf: { field: "needs", equals: "Phone" },
      }),
      field({ key: "contract", type: "file", label: "Documents", help: "Optional" }),
    ],
  },
];
