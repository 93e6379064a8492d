import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildImage } from "../../../src/launch/docker/build-image.ts";
import { connect } from "../../../src/launch/docker/engine.ts";
import { ensureImage } from "../../../src/launch/docker/ensure-image.ts";
import { listImages } from "../../../src/launch/docker/list-images.ts";
import { authOf, registryOf } from "../../../src/launch/docker/registry-auth.ts";
import { pushImage } from "../../../src/launch/docker/transfer.ts";
import type { ImageDefinition } from "../../../src/plan/docker/image.ts";
import { type Engine, startEngine } from "../../helpers/docker/engine.ts";
import { importLightBase, lightBase } from "../../helpers/docker/light-base.ts";
import { startRegistry } from "../../helpers/docker/registry.ts";
import { requires } from "../../helpers/requires.ts";
import { errorOf } from "../run-folder.ts";

const needing = requires("docker");
const never = new AbortController().signal;

const image = (...run: string[]): ImageDefinition => ({
  ...{ name: "worker", summary: "a test's", base: {}, env: { PATH: "/opt:$PATH" } },
  ...{ command: ["true"], health: ["true"] },
  steps: [
    { copy: ["worker/requirements-uv.in"], to: "/lock/" },
    { run, caches: ["/root/.cache"] },
  ],
});

needing.describe("images on an engine", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
    await importLightBase(engine.docker);
  });
  afterAll(() => engine?.close());

  const builder = async (buildkit: boolean) => ({
    ...(await connect(engine.host)),
    hasBuildkit: buildkit,
  });
  const listen = () => {
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    return { said, tell: { say, update: () => undefined, end: () => undefined } };
  };

  it("know what the engine is", async () => {
    expect(await connect(engine.host)).toMatchObject({
      ...{ kind: "docker", hasBridge: false, hasBuildkit: true, host: engine.host },
      version: expect.stringMatching(/^\d+\./),
      architecture: "x86_64",
    });
  });

  it.each([
    ["BuildKit", true, / 3\/3\] RUN [\s\S]*echo well/],
    ["the classic builder", false, /^image worker: Step \d+\/\d+ : RUN echo well/],
  ])("are built by %s, telling each step", async (_, buildkit, step) => {
    const { said, tell } = listen();
    const wanted = { image: image("echo well", "cat /lock/*"), base: lightBase } as const;
    const reference = `r1sgg-test/built:${buildkit ? "kit" : "classic"}`;
    const id = await buildImage(
      await builder(buildkit),
      { ...wanted, variant: "cpu", reference },
      tell,
      never,
    );
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(
      said.some((line) => step.test(line)),
      said.join("\n"),
    ).toBe(true);
    const found = (await listImages(await connect(engine.host))).find((one) => one.id === id);
    expect(found).toMatchObject({ image: "worker", variant: "cpu", base: lightBase, reference });
  });

  it.each([
    ["BuildKit", true],
    ["the classic builder", false],
  ])("name the failing step of %s, with what it said last", async (_, buildkit) => {
    const { tell } = listen();
    const broken = image("echo all well so far >&2", "echo no room >&2", "exit 9");
    const wanted = {
      image: broken,
      variant: "cpu",
      reference: "r1sgg-test/broken:1",
      base: lightBase,
    } as const;
    const error = (await errorOf(
      buildImage(await builder(buildkit), wanted, tell, never),
    )) as Error;
    expect(error.message).toMatch(
      /^Cannot build image "r1sgg-test\/broken:1": step ".*RUN [\s\S]*exit 9.*" failed \(.*9.*\), expected it to end with exit code 0\nlast lines of the step:\n[\s\S]*no room$/,
    );
  });

  it("stop a build when they are asked to", async () => {
    const stop = new AbortController();
    const tell = {
      end: () => undefined,
      say: () => undefined,
      update: (_: string, detail = "") =>
        detail.includes("waiting now") && stop.abort(new Error("asked")),
    };
    const slow = image("echo waiting now", "sleep 600");
    const wanted = {
      image: slow,
      variant: "cpu",
      reference: "r1sgg-test/slow:1",
      base: lightBase,
    } as const;
    const error = await errorOf(buildImage(await builder(true), wanted, tell, stop.signal));
    expect(error).toMatchObject({ message: "asked" });
  });

  it("say which base is missing where no registry has it", async () => {
    const { tell } = listen();
    const wanted = {
      image: image("true"),
      variant: "cpu",
      reference: "r1sgg-test/x:1",
      base: "127.0.0.1:1/no/base:1",
    } as const;
    const error = (await errorOf(buildImage(await builder(true), wanted, tell, never))) as Error;
    expect(error.message).toMatch(/^Cannot build image "r1sgg-test\/x:1": .*127\.0\.0\.1:1/);
  });

  it("go to a registry that asks for a login, and come back from it", async () => {
    const registry = await startRegistry("me", "secret word");
    const folder = mkdtempSync(join(tmpdir(), "r1sgg-config-"));
    try {
      const auth = Buffer.from("me:secret word").toString("base64");
      writeFileSync(
        join(folder, "config.json"),
        JSON.stringify({ auths: { [registry.host]: { auth } } }),
      );
      const here = await connect(engine.host);
      const reference = `${registry.host}/me/r1sgg/base:1`;
      const { stdout: tiny } = await execa("tar", ["-C", folder, "-c", "."], {
        encoding: "buffer",
      });
      const imported = await engine.docker.importImage(Readable.from(Buffer.from(tiny)), {
        repo: reference.slice(0, -2),
        tag: "1",
      });
      for await (const _ of imported) void _;
      const { tell } = listen();
      const refused = (await errorOf(pushImage(here, reference, tell, never))) as Error;
      expect(refused.message).toMatch(
        /^Cannot push image ".*": .*, expected a registry that has it and lets us in/,
      );
      process.env.DOCKER_CONFIG = folder;
      expect(await pushImage(here, reference, tell, never)).toMatch(/^sha256:/);
      await engine.docker.getImage(reference).remove();
      const wanted = { reference, variant: "cpu", whenMissing: "pull" } as const;
      const { digests } = await ensureImage(here, "worker", wanted, tell, never);
      expect(digests).toEqual([expect.stringMatching(/^127.*@sha256:/)]);
    } finally {
      delete process.env.DOCKER_CONFIG;
      rmSync(folder, { recursive: true });
      await registry.close();
    }
  });
});

it.each([
  ["r1sgg/worker:1", "https://index.docker.io/v1/"],
  ["ghcr.io/me/r1sgg/worker:1", "ghcr.io"],
  ["localhost/x:1", "localhost"],
  ["127.0.0.1:5000/x", "127.0.0.1:5000"],
])("registryOf(%j) is %j", (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

it("authOf asks the helper that Docker's configuration names", async () => {
  const folder = mkdtempSync(join(tmpdir(), "r1sgg-config-"));
  const helper = join(folder, "docker-credential-test");
  writeFileSync(join(folder, "config.json"), JSON.stringify({ credsStore: "test" }));
  writeFileSync(helper, `#!/bin/sh\nprintf '{"Username":"u","Secret":"%s"}' "$(cat)"\n`, {
    mode: 0o755,
  });
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  try {
    const auth = await authOf("ghcr.io/me/x:1", { DOCKER_CONFIG: folder });
    expect(auth).toEqual({ username: "u", password: "ghcr.io", serveraddress: "ghcr.io" });
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  }
});
