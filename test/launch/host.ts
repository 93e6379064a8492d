/** A CLI in small: `node host.ts JSON` supervises the roles given, says "started", and waits for them. */
import { exitCodes, SggError } from "../../src/errors.ts";
import type { RoleSpec } from "../../src/launch/role.ts";
import { superviseRun } from "../../src/launch/supervise.ts";

/** What the host is told. */
export interface HostOrder {
  readonly runDir: string;
  readonly graceMs: number;
  readonly roles: readonly RoleSpec[];
}

const { roles, ...order } = JSON.parse(process.argv[2] ?? "") as HostOrder;
const say = (text: string) => void process.stderr.write(`${text}\n`);
try {
  await superviseRun({ ...order, runId: "hosted", say }, async (run) => {
    const started = await Promise.all(roles.map((spec) => run.start(spec)));
    run.stage("waiting");
    process.stdout.write("started\n");
    await Promise.all(started.map((role) => role.done));
  });
} catch (error) {
  if (!(error instanceof SggError)) throw error;
  say(error.message);
  process.exitCode = exitCodes[error.code];
}
