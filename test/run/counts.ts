import { rounded } from "../../src/report/acceptance/check.ts";

/** What a step of the checks came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** The title of each test that did not run, with the reason in brackets. */
  readonly skipped: readonly string[];
  /** What tests found out and the record of a long run keeps. */
  readonly figures?: readonly Figure[];
}

/** A figure of one test. */
export interface Figure {
  readonly test: string;
  readonly name: string;
  readonly value: string;
}

/** The parts of Vitest's JSON report that are counted. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly meta?: { readonly figures?: Readonly<Record<string, unknown>> };
    }[];
  }[];
}

/** Counts of Vitest's JSON report; a file that could not be read counts as one failure. */
export function countVitest(json: string): Counts {
  const files = (JSON.parse(json) as VitestReport).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const broken = files.filter(
    (file) =>
      file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: count("passed"),
    failed: count("failed") + broken.length,
    skipped: tests
      .filter((test) => !["passed", "failed"].includes(test.status))
      .map((test) => test.fullName),
    figures: tests.flatMap(({ fullName, meta }) =>
      Object.entries(meta?.figures ?? {}).map(([name, value]) => ({
        test: fullName,
        name,
        value: asText(value),
      })),
    ),
  };
}

/** Words as they are; all else as JSON, what is no whole number to four digits. */
const asText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value, (_, one) => fraction(one));

const fraction = (one: unknown): unknown =>
  typeof one === "number" && !Number.isInteger(one) ? rounded(one) : one;

/** Counts of a JUnit XML report, as pytest writes it. */
export function countJunit(xml: string): Counts {
  const suite = /<testsuite\s[^>]*>/.exec(xml)?.[0] ?? "";
  const number = (name: string): number =>
    Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  const cases = xml.matchAll(
    /<testcase\s[^>]*\bname="([^"]*)"[^>]*>\s*<skipped[^>]*\bmessage="([^"]*)"/g,
  );
  return {
    passed: number("tests") - failed - number("skipped"),
    failed,
    skipped: [...cases].map(([, name, message]) => `${name} [${message}]`),
    figures: figuresIn(xml),
  };
}

/** What tests recorded with pytest's record_property. */
function figuresIn(xml: string): readonly Figure[] {
  const cases = xml.matchAll(/<testcase\s[^>]*?\bname="([^"]*)"[^>]*[^/]>(.*?)<\/testcase>/gs);
  return [...cases].flatMap(([, test = "", inside = ""]) =>
    [...inside.matchAll(/<property name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => ({ test, name, value }),
    ),
  );
}

/** Why a test was skipped: what its title, or that of its suite, says in brackets. */
export function reasonOf(title: string): string {
  const [, needs, last] = /\[(needs [^[]+?)\]|\[([^[]+)\]$/.exec(title) ?? [];
  return needs ?? last ?? "skipped by the test itself, which does not apply";
}
