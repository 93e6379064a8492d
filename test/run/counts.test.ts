import { describe, expect, it } from "vitest";
import { countJunit, countVitest, reasonOf } from "./counts.ts";
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
    });
  });
});

describe("countJunit", () => {
  it("counts as pytest writes", () => {
    const xml = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5" time="0.1">
<testcase classname="t" name="test_a" time="0.1" /><testcase classname="t" name="test_b" time="0.1"><skipped type="pytest.skip" message="no GPU">t.py:3: no GPU</skipped></testcase>
<testcase classname="t" name="test_c" time="0"><failure message="no">…</failure></testcase></testsuite></testsuites>`;
    expect(countJunit(xml)).toEqual({ passed: 2, failed: 2, skipped: ["test_b [no GPU]"] });
  });
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
