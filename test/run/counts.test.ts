import { describe, expect, it } from "vitest";
import { countJunit, countVitest, reasonOf } from "./counts.ts";
import { longRecord } from "./record.ts";
import { runStep, type Step } from "./step.ts";

const file = (status: string, ...tests: readonly string[]) => ({
  name: "a.test.ts",
  status,
  assertionResults: tests.map((one) => ({ status: one, fullName: `a ${one} [needs x: gone]` })),
});

describe("countVitest", () => {
  it("counts tests, keeps the titles of skipped ones, and a file that could not be read as a failure", () => {
    const testResults = [
      file("passed", "passed", "skipped"),
      file("failed", "failed"),
      file("failed"),
    ];
    expect(countVitest(JSON.stringify({ testResults }))).toEqual({
      passed: 1,
      failed: 2,
      skipped: ["a skipped [needs x: gone]"],
      figures: [],
    });
  });

  it("keeps the figures that a test put into its meta, fractions to four digits", () => {
    const meta = {
      figures: { s: [1], t: "not run", u: { ap50: 23.95077756484765, tokens: 70610 } },
    };
    const one = { ...file("passed", "passed").assertionResults[0], meta };
    const testResults = [{ ...file("passed"), assertionResults: [one] }];
    expect(countVitest(JSON.stringify({ testResults })).figures).toEqual([
      { test: "a passed [needs x: gone]", name: "s", value: "[1]" },
      { test: "a passed [needs x: gone]", name: "t", value: "not run" },
      { test: "a passed [needs x: gone]", name: "u", value: '{"ap50":23.95,"tokens":70610}' },
    ]);
  });
});

describe("countJunit", () => {
  it("counts as pytest writes", () => {
    const xml = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5" time="0.1">
<testcase classname="t" name="test_a" time="0.1" /><testcase classname="t" name="test_b" time="0.1"><skipped type="pytest.skip" message="no GPU">t.py:3: no GPU</skipped></testcase>
<testcase classname="t" name="test_c" time="0"><failure message="no">…</failure></testcase></testsuite></testsuites>`;
    expect(countJunit(xml)).toEqual({
      ...{ passed: 2, failed: 2, skipped: ["test_b [no GPU]"], figures: [] },
    });
  });

  it("keeps the properties of tests that recorded some", () => {
    const xml = `<testsuite tests="2"><testcase classname="t" name="test_a" time="0.1" />
<testcase classname="t" name="test_b" time="9"><properties><property name="start" value="0.35" /><property name="end" value="0.78" /></properties></testcase></testsuite>`;
    expect(countJunit(xml).figures).toEqual([
      { test: "test_b", name: "start", value: "0.35" },
      { test: "test_b", name: "end", value: "0.78" },
    ]);
  });
});

it("makes the record of a long run, to be kept as it is", () => {
  const steps = [
    { name: "tsc", seconds: 20.4, passed: 1, failed: 0, skipped: [] },
    {
      ...{ name: "pytest", seconds: 99.6, passed: 9, failed: 1, skipped: ["a [needs b]"] },
      figures: [{ test: "test_a", name: "control|shuffled", value: "0" }],
    },
  ];
  const facts = { startedAt: "2026-01-02T03:04:05.000Z", code: "r1sgg 0 abc", machine: "2 cores" };
  expect(longRecord({ ...facts, command: "npm run test:long" }, steps)).toBe(
    `2026-01-02, r1sgg 0 abc, \`npm run test:long\`, 2 cores, 2 minutes:
10 passed, 1 failed, 1 skipped.

| part | passed | failed | skipped | seconds |
| --- | --- | --- | --- | --- |
| tsc | 1 | 0 | 0 | 20 |
| pytest | 9 | 1 | 1 | 100 |

| test | figure | found |
| --- | --- | --- |
| test_a | control\\|shuffled | 0 |
`,
  );
});

describe("reasonOf", () => {
  it("is what stands in brackets in a title", () => {
    expect(reasonOf("draws [12] boxes [needs chromium: none]")).toBe("needs chromium: none");
    expect(reasonOf("a page [needs chromium: none] has a title")).toBe("needs chromium: none");
    expect(reasonOf("plain title")).toContain("by the test itself");
  });
});

describe("runStep", () => {
  const count = () => ({ passed: 3, failed: 0, skipped: [] });
  const said: string[] = [];
  const run = (step: Step) => runStep(step, (text) => said.push(text));

  it("counts a tool without a report by its exit code", async () => {
    expect(await run({ name: "good", argv: ["true"] })).toMatchObject({ passed: 1, failed: 0 });
    expect(await run({ name: "bad", argv: ["false"] })).toMatchObject({ passed: 0, failed: 1 });
    expect(await run({ name: "none", argv: ["/nowhere"] })).toMatchObject({ failed: 1 });
    expect(said).toContainEqual(expect.stringMatching(/^── bad: FAILED, \d+\.\d s$/));
    expect(said).toContainEqual(expect.stringMatching(/^── none: FAILED \(.*ENOENT/));
  });

  it("takes a failing tool as one failure when its report names none, or when there is no report", async () => {
    const report = { path: "package.json", count };
    expect(await run({ name: "x", argv: ["true"], report })).toMatchObject({ failed: 0 });
    expect(await run({ name: "x", argv: ["false"], report })).toMatchObject({ failed: 1 });
    const absent = { path: "/nowhere", count };
    expect(await run({ name: "x", argv: ["true"], report: absent })).toMatchObject({
      failed: 1,
    });
  });
});
