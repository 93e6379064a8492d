import { describe, expect, it } from "vitest";
import { answerText, hasThinkAndAnswer } from "../../../src/core/graph/answer-text.ts";

describe("answerText", () => {
  it.each([
    ["the first answer", "<think>a</think><answer> 1 </answer><answer>2</answer>", "1"],
    ["an answer within the thoughts", "<think><answer>1</answer></think><answer>2</answer>", "1"],
    ["the rest after an answer that is not closed", "x <answer>\n{} ", "{}"],
    ["everything without a tag", " {} \u001c", "{}"],
    ["everything when the tag is in capitals", "<ANSWER>1</ANSWER>", "<ANSWER>1</ANSWER>"],
    ["nothing between tags", "<answer></answer>", ""],
    ["a closing tag before the opening one as text", "</answer><answer>1", "1"],
    ["fences and the word json as spaces", '```json\n{"jsonobjects":1}```', '{" objects":1}'],
    ["the fourth back-tick", "````", "`"],
  ])("takes %s", (_, completion, text) => {
    expect(answerText(completion)).toBe(text);
  });
});

describe("hasThinkAndAnswer", () => {
  it.each([
    "<think></think><answer></answer>",
    " \n<think>a</think>\u0085 \n<answer>b</answer>\u3000",
    "<think>a</think>b</think><answer>c</answer>",
    "<think>a</think> <answer>b</answer> c </answer>",
    "<think><think></think><answer><answer></answer>",
  ])("accepts %j", (completion) => {
    expect(hasThinkAndAnswer(completion)).toBe(true);
  });

  it.each([
    "<answer>b</answer>",
    "x<think>a</think><answer>b</answer>",
    "<think>a</think>x<answer>b</answer>",
    "<think>a</think><answer>b</answer>x",
    "<think>a</think><answer>b",
    "<think>a<answer>b</answer>",
    `${"<think></think><answer>".slice(0, -1)}</answer>`,
    "<think>a</think>\ufeff<answer>b</answer>",
    "</think><answer></answer>",
  ])("refuses %j", (completion) => {
    expect(hasThinkAndAnswer(completion)).toBe(false);
  });

  it("answers at once for a million tags", () => {
    const start = performance.now();
    expect(hasThinkAndAnswer(`<think>${"</think> ".repeat(1_000_000)}</answer>`)).toBe(false);
    expect(hasThinkAndAnswer(`<think></think>${" ".repeat(5_000_000)}</answer>`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(20_000); // a quadratic reading would take hours
  });
});
