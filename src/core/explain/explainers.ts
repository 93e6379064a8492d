import type { ProfileName, ProfileParameters } from "../rewards/profiles.ts";
import { explainEdge } from "./edge.ts";
import { explainEdgeHard } from "./edge-hard.ts";
import { explainEdgeHardRelax } from "./edge-hard-relax.ts";
import type { Explainer } from "./explainer.ts";
import { explainFormat, explainPaperFormat, explainV1Format, headChecks } from "./format.ts";
import { explainNode, explainNodeAcc, explainNodeBox } from "./nodes.ts";
import { explainPaperEdge } from "./paper-edge.ts";

type Explainers = Readonly<Record<string, Explainer>>;

const ofGraph = ({ nodeWeight, edgeWeight }: ProfileParameters): Explainers => ({
  node_acc_reward: explainNodeAcc({ weight: nodeWeight }),
  node_box_reward: explainNodeBox({ weight: nodeWeight }),
  edge_reward: explainEdge({ weight: edgeWeight }),
  edge_hard_reward: explainEdgeHard({ weight: edgeWeight }),
  edge_hard_relax_reward: explainEdgeHardRelax({ weight: edgeWeight }),
});

const released = (parameters: ProfileParameters): Explainers => ({
  format_reward: explainFormat({
    weight: parameters.formatWeight,
    strict: parameters.strictFormat,
  }),
  ...ofGraph(parameters),
});

/** An explainer for every reward of every profile, by the profile's parameters. */
export const explainers: Readonly<
  Record<ProfileName, (parameters: ProfileParameters) => Explainers>
> = {
  release: released,
  "release-head": (parameters) => ({
    ...ofGraph(parameters),
    format_reward: explainFormat({
      weight: parameters.formatWeight,
      strict: parameters.strictFormat,
      form: headChecks,
    }),
  }),
  v1: (parameters) => ({
    ...ofGraph(parameters),
    format_reward: explainV1Format({ weight: parameters.formatWeight }),
  }),
  paper: ({ formatWeight, nodeWeights }) => ({
    format_reward: explainPaperFormat({ weight: formatWeight }),
    node_reward: explainNode(nodeWeights),
    edge_reward: explainPaperEdge,
  }),
  robust: released,
};
