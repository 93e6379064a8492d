import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBuildkitStatus } from "../../../src/launch/docker/buildkit-status.ts";

// The independent encoder: protobufjs with the schema that dockerode ships.
const require = createRequire(createRequire(import.meta.url).resolve("dockerode"));
const protobuf = require("protobufjs") as {
  loadSync: (path: string) => { lookupType: (name: string) => Encoder };
};
interface Encoder {
  create: (value: object) => unknown;
  encode: (value: unknown) => { finish: () => Uint8Array };
}
const schema = require.resolve("./proto/buildkit_status.proto");
const Status = protobuf.loadSync(schema).lookupType("moby.buildkit.v1.StatusResponse");
const encode = (value: object): Uint8Array => Status.encode(Status.create(value)).finish();

describe("readBuildkitStatus", () => {
  it("reads what protobufjs writes", () => {
    const text = fc.string({ unit: "grapheme" });
    const vertex = fc.record({
      ...{ digest: text, name: text, cached: fc.boolean(), error: text },
      inputs: fc.array(text),
      ...{ started: fc.boolean(), completed: fc.boolean() },
    });
    const log = fc.record({ vertex: text, text, stream: fc.nat() });
    fc.assert(
      fc.property(fc.array(vertex), fc.array(log), (vertexes, logs) => {
        const time = { seconds: 1_795_000_000, nanos: 5 };
        const bytes = encode({
          vertexes: vertexes.map(({ started, completed, ...rest }) => ({
            ...rest,
            ...(started && { started: time }),
            ...(completed && { completed: time }),
          })),
          statuses: [{ ID: "x", current: 2 ** 40, total: 2 ** 41 }],
          logs: logs.map(({ text, ...rest }) => ({
            ...rest,
            msg: Buffer.from(text),
            timestamp: time,
          })),
        });
        expect(readBuildkitStatus(bytes)).toEqual({
          vertexes: vertexes.map(({ inputs: _, ...rest }) => rest),
          logs: logs.map(({ stream: _, ...rest }) => rest),
        });
      }),
    );
  });

  it("refuses bytes that end in the middle of a field", () => {
    const bytes = encode({ vertexes: [{ digest: "sha256:0", name: "a step" }] });
    expect(() => readBuildkitStatus(bytes.subarray(0, -1))).toThrow(RangeError);
  });
});
