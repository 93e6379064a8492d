import type { FastifyInstance } from "fastify";
import { toCompletion } from "./arbitraries.ts";

/** A target, and below a completion that repeats it. */
export const goodTarget = {
  image_id: "1",
  width: 100,
  height: 100,
  objects: [
    { id: "cat.1", bbox: [0, 0, 50, 50] },
    { id: "mat.2", bbox: [0, 50, 100, 100] },
  ],
  relationships: [{ subject: "cat.1", predicate: "on", object: "mat.2" }],
} as const;

export const goodCompletion = toCompletion(goodTarget);

/** What the default rewards of profile `release` are for it, each at its most, and their sum. */
export const goodRewards = {
  format_reward: 1,
  node_acc_reward: 2,
  node_box_reward: 2,
  edge_reward: 5,
} as const;
export const goodTotal = 10;

/** The same rewards for a completion that cannot be read. */
export const noRewards = {
  format_reward: 0,
  node_acc_reward: 0,
  node_box_reward: 0,
  edge_reward: 0,
} as const;

/** Rewards of several completions as the native route gives them. */
export const columns = (...rows: readonly Readonly<Record<string, number>>[]) =>
  Object.fromEntries(
    Object.keys(goodRewards).map((name) => [name, rows.map((row) => row[name])] as const),
  );

/** A request for one completion that is all right; boxes are in pixels of the image. */
export const goodRequest = {
  completions: [goodCompletion],
  targets: [goodTarget],
  box_scale: [100, 100],
  request_id: "r-1",
} as const;

/** Posts a body to the native route. */
export const post = (app: FastifyInstance, payload: object) =>
  app.inject({ method: "POST", url: "/v1/rewards", payload });
