import { said } from "./person.ts";
import type { Answer } from "./wire.ts";

/** What was asked for, by whom. */
export interface Asked {
  method: string;
  path: string;
  role: string;
}

export interface Finding extends Asked {
  expected: string;
  got: string;
}

/** Findings that are printed; all of them are in the JSON. */
const MOST_PRINTED = 50;

/** Counts probes and keeps what they found. */
export class Report {
  probes = 0;
  readonly findings: Finding[] = [];
  /** What could not be probed, and why. */
  readonly skipped: string[] = [];

  constructor(private readonly say: (line: string) => void) {}

  /** Counts a probe. @param fault what was expected instead; null where all is well */
  probe(asked: Asked, fault: string | null, answer: Answer): void {
    this.probes++;
    if (fault !== null) this.found({ ...asked, expected: fault, got: said(answer) });
  }

  found(finding: Finding): void {
    this.findings.push(finding);
    if (this.findings.length > MOST_PRINTED) return;
    const { method, path, role, expected, got } = finding;
    this.say(`FOUND ${method} ${path} as ${role}: expected ${expected}, got ${got}`);
    if (this.findings.length === MOST_PRINTED) this.say("Further findings are in the output of --json only");
  }
}
