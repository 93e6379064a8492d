// The health check of the reward image: 0 when the endpoint at R1SGG_HEALTH answers, else 1.
const answer = await fetch(process.env.R1SGG_HEALTH ?? "http://127.0.0.1:8765/ready").catch(() => ({
  ok: false,
}));
process.exitCode = answer.ok ? 0 : 1;
