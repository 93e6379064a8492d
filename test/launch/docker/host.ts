/** A CLI in small: `node host.ts JSON` runs the tiny plan on an engine, as `launch --on docker` would. */
import { exitCodes, SggError } from "../../../src/errors.ts";
import { launchOnDocker } from "../../../src/launch/docker/launch.ts";
import { lightImages, tinyPlan, tinyRecipe } from "../../helpers/docker/tiny-plan.ts";

const { host, runDir } = JSON.parse(process.argv[2] ?? "") as { host: string; runDir: string };
const say = (text: string) => void process.stderr.write(`${text}\n`);
const settings = {
  ...({ host, variant: "cpu", images: lightImages, whenMissing: "fail", user: null } as const),
  ...{
    mounts: [],
    limits: { shmMib: null, memlock: null },
    secrets: ["HF_TOKEN"],
    env: {},
    graceMs: 60_000,
  },
};
try {
  const tell = { say, update: () => undefined, end: () => undefined };
  await launchOnDocker(
    tinyPlan({ ends: "stay" }),
    tinyRecipe,
    { runDir, runsDir: runDir },
    settings,
    tell,
  );
} catch (error) {
  if (!(error instanceof SggError)) throw error;
  say(error.message);
  process.exitCode = exitCodes[error.code];
}
process.exit(); // as the CLI does
