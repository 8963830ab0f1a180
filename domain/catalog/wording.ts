import { type FormField, isShown } from "./fields.ts";
import type { Answer, Answers } from "./answers.ts";

export interface Answered {
  label: string;
  text: string;
}

export type Names = ReadonlyMap<string, string>;

export function wordAnswers(fields: readonly FormField[], answers: Answers, names: Names): Answered[] {
  return fields.filter((field) => isShown(field, answers) && answers[field.key] !== undefined)
    .map((field) => ({ label: field.label, text: textOf(answers[field.key]!, names) }));
}

function textOf(answer: Answer, names: Names): string {
  if (Array.isArray(answer)) return answer.map((one) => names.get(one) ?? one).join(", ");
  if (typeof answer === "boolean") return answer ? "Yes" : "No";
  return names.get(String(answer)) ?? String(answer);
}

const TITLE = 200;

export function requestTitle(
  item: { name: string; fields: readonly FormField[] },
  answers: Answers,
  names: Names,
): string {
  const telling = item.fields.find(({ key, type }) =>
    ["text", "choice", "user"].includes(type) && answers[key] !== undefined
  );
  if (!telling) return item.name;
  const title = `${item.name}: ${textOf(answers[telling.key]!, names).replaceAll(/\s+/g, " ")}`;
  return title.length <= TITLE ? title : `${[...title].slice(0, TITLE - 1).join("")}…`.slice(0, TITLE);
}

/** In Markdown, so that emails and search have the answers too. */
export function requestText(answered: readonly Answered[]): string {
  return answered.map(({ label, text }) =>
    text.includes("\n") ? `**${plain(label)}**\n\n${text}` : `**${plain(label)}:** ${text}`
  ).join("\n\n");
}

/** Labels are no Markdown. */
function plain(label: string): string {
  return label.replaceAll(/[*_`[\]<>\\]/g, "\\$&");
}
