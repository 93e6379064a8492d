import { expect, it } from "vitest";
import { similarityProvider } from "../../src/similarity/providers.ts";

it("takes native for spaCy's model", async () => {
  const { name, identity, similarity, prepare, warm } = await similarityProvider("native");
  expect([name, prepare]).toEqual(["native", undefined]);
  expect(identity).toContain("en_core_web_sm 3.8.0");
  warm!(["man", "a person"]);
  expect(similarity("man", "person")).toBeCloseTo(0.80984, 5);
});

it("takes exact for equal terms", async () => {
  const { name, identity, similarity } = await similarityProvider("exact");
  expect([name, identity]).toEqual(["exact", "equal terms"]);
  expect([similarity("man", "man"), similarity("man", "person")]).toEqual([1, 0]);
});

it.each(["http://127.0.0.1:9000/similarity", "https://example.org/"])(
  "takes %s for a server",
  async (address) => {
    const { name, identity, prepare } = await similarityProvider(address);
    expect([name, identity]).toEqual([address, `answers of ${address}`]);
    expect(prepare).toBeTypeOf("function");
  },
);

it.each(["", "cosine", "127.0.0.1:9000", "ftp://example.org/"])("refuses %j", async (choice) => {
  await expect(similarityProvider(choice)).rejects.toMatchObject({
    code: "USAGE",
    message: `Cannot use the similarity "${choice}": expected native, exact or an address like http://host:port/path`,
  });
});

it("refuses a password in an address, without showing it", async () => {
  await expect(similarityProvider("http://me:secret@example.org/")).rejects.toMatchObject({
    code: "USAGE",
    message:
      'Cannot use the similarity "http://example.org/": it has a user or password, expected none in an address that logs show',
  });
});
