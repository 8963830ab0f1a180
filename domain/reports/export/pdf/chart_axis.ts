import { scaleLinear } from "d3-scale";
import type { Unit } from "@/domain/reports/model/names.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";

const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400, 28800, 57600];
const STEPS = 5;

/** Round values from zero to `highest` or a little more, and how they are written. */
export function ticksOf(highest: number, unit: Unit): { values: number[]; label(value: number): string } {
  const label = (value: number) => formatValue(value, unit);
  const step = unit === "minutes" ? MINUTES.find((one) => highest / one <= STEPS) : undefined;
  if (step !== undefined) {
    const many = Math.ceil(highest / step);
    return { values: Array.from({ length: many + 1 }, (_, i) => i * step), label };
  }
  const whole = unit === "tickets" || unit === "replies";
  const scale = scaleLinear().domain([0, whole ? Math.max(STEPS, highest) : highest]).nice(STEPS);
  return { values: scale.ticks(STEPS), label };
}
