import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { holdFile } from "../../src/launch/hold-file.ts";
import { processId } from "../../src/launch/processes.ts";
import { thisMachine } from "../../src/launch/record.ts";
import { temporaryFolder } from "../data/rows-file.ts";

const place = async () => join(await temporaryFolder(), "new", "out.jsonl");

describe("holdFile", () => {
  it("lets nobody else have the file until it is released", async () => {
    const path = await place();
    const release = await holdFile(path);
    await expect(holdFile(path)).rejects.toThrow(
      `Cannot write to "${path}": process ${process.pid} writes to it, expected nobody else`,
    );
    await release();
    await (await holdFile(path))();
    await expect(readFile(`${path}.lock`)).rejects.toThrow("ENOENT");
  });

  it("succeeds a process that was killed", async () => {
    const path = await place();
    await (await holdFile(path))();
    const sleeper = execa("sleep", ["60"], { reject: false });
    const owner = { machine: thisMachine(), process: processId(sleeper.pid!) };
    await writeFile(`${path}.lock`, JSON.stringify(owner));
    await expect(holdFile(path)).rejects.toThrow(`process ${sleeper.pid} writes to it`);
    sleeper.kill("SIGKILL");
    await sleeper;
    await (await holdFile(path))();
  });

  it("takes a process on another machine for gone when it does not touch its lock", async () => {
    const path = await place();
    const pulse = { everyMs: 10, watchMs: 400 };
    const release = await holdFile(path, pulse);
    const lock = `${path}.lock`;
    const owner = { machine: "elsewhere", process: { pid: 7, start: "1" } };
    await writeFile(lock, JSON.stringify(owner)); // which the holder now touches
    await expect(holdFile(path, pulse)).rejects.toThrow(
      `Cannot write to "${path}": process 7 on "elsewhere" writes to it, expected nobody else`,
    );
    await release();
    await writeFile(lock, JSON.stringify(owner));
    await (await holdFile(path, pulse))();
  });

  it("of many that come at once gives it to one, also after a process that is gone", async () => {
    const path = await place();
    await (await holdFile(path))();
    const owner = { machine: thisMachine(), process: { pid: 1, start: "long ago" } };
    await writeFile(`${path}.lock`, JSON.stringify(owner));
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => holdFile(path)));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readdir(join(path, ".."))).toEqual(["out.jsonl.lock"]);
  });

  it("says where it cannot write", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    await expect(holdFile(join(file, "out.jsonl"))).rejects.toThrow(
      /^Cannot write ".*file\/out\.jsonl\.lock": E[A-Z]+: .*, expected a place for it$/,
    );
  });
});
