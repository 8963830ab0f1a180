import { scaleLinear } from "d3-scale";
import type { Unit } from "@/domain/reports/model/names.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";

/** A value axis from zero; `at` is a value's place in percent of it. Nothing is drawn below zero. */
export interface Axis {
  ticks: { label: string; at: number }[];
  at: (value: number) => number;
}

const TICKS = 5;
const HOUR = 60;
const LONGEST_COUNT = 10_000;
/** Minutes, where hours would be too coarse. */
const STEPS = [1, 2, 5, 10, 15, 30, HOUR];

/** The smallest step that labels can tell apart; of what is counted, 1. */
const LEAST: Partial<Record<Unit, number>> = { percent: 0.1, queues: 0.01 };

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** An axis with round numbers in the unit, evenly spaced, that reaches the highest of the values. */
export function axisFor(values: readonly (number | null | undefined)[], unit: Unit): Axis {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const ticks = ticksFor(highest, unit);
  const top = ticks.at(-1)!;
  const at = (value: number) => rounded(Math.min(Math.max(value, 0) / top, 1) * 100);
  return { at, ticks: ticks.map((tick) => ({ label: tickLabel(tick, unit), at: at(tick) })) };
}

function ticksFor(highest: number, unit: Unit): number[] {
  if (unit === "score") return [0, 1, 2, 3, 4, 5];
  if (unit === "percent" && highest > 50 && highest <= 100) return [0, 25, 50, 75, 100];
  if (unit === "minutes") {
    const step = STEPS.find((step) => step * TICKS >= highest);
    if (step === undefined) return nice(highest / HOUR, 1).map((hours) => hours * HOUR);
    return Array.from({ length: Math.max(Math.ceil(highest / step), 1) + 1 }, (_, i) => i * step);
  }
  return nice(highest, LEAST[unit] ?? 1);
}

/** @param least the smallest step */
function nice(highest: number, least: number): number[] {
  if (highest === 0) return [0, 1];
  const top = Math.max(highest, least);
  const count = Math.min(TICKS, Math.ceil(top / least));
  return scaleLinear().domain([0, top]).nice(count).ticks(count);
}

function tickLabel(value: number, unit: Unit): string {
  if (unit === "minutes") {
    return value >= LONGEST_COUNT * HOUR ? `${compact.format(value / HOUR)} h` : formatValue(value, unit);
  }
  return value >= LONGEST_COUNT ? compact.format(value) : formatValue(value, unit);
}

/** Percentages with as many digits as a screen can show. */
export const rounded = (percent: number) => Math.round(percent * 1000) / 1000;
