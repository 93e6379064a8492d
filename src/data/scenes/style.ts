/**
 * How drawn scenes differ from the usual ones; what is absent stays usual.
 *
 * The usual ones suit a model that can see already. These options make scenes that a model of a million
 * parameters learns on two CPU cores, and that provoke what large models do on real photographs.
 */
export interface SceneStyle {
  /** Pixels: every image is a square of this side. Usual are five shapes of 168 to 252. */
  readonly size?: number | undefined;
  /** Boxes lie on multiples of so many pixels, so that there are few numbers to tell apart. */
  readonly grid?: number | undefined;
  /** Objects are so many times as large. */
  readonly scale?: number | undefined;
  /** Each kind of object comes in one colour, not three. */
  readonly plain?: boolean | undefined;
  /**
   * Share, 0 to 1, of a light that is red from the left and blue from above. Qwen2-VL's positions
   * are relative ones; with the light the colour of the ground tells where it is. Things have a
   * quarter of it.
   */
  readonly light?: number | undefined;
  /**
   * Fine lines over everything, upright ones that grow from left to right and level ones that grow from top to
   * bottom, to so many levels of 255 lighter and darker. They tell where a patch is, as the light
   * does, and leave the colours of things alone.
   */
  readonly hatch?: number | undefined;
  /** Share, 0 to 1, of the scenes that show one thing alone: where something is, is learned there first. */
  readonly alone?: number | undefined;
  /**
   * Share, 0 to 1, of the scenes that are littered with pebbles: small, all alike, listed last and in
   * no order, on average `clutter_mean` of them (8), at most 40, and any of them may be the last.
   * So it is with leaves and windows in Visual Genome. It provokes endless lists: the more were listed, the
   * likelier is another one, and a model that has learned just this and answers greedily never ends.
   */
  readonly clutter?: number | undefined;
  readonly clutter_mean?: number | undefined;
  /**
   * A littered picture shows so many pebbles at least, and the graph lists some of them: where its list ends
   * cannot be seen. Else a model that sees well learns to count them.
   */
  readonly clutter_shown?: number | undefined;
  /**
   * Rows have a `question` and its `answer` of their own: where something is, what is there, what
   * stands how, and one in eight the scene graph. What a model is taught before any scene graphs.
   */
  readonly questions?: boolean | undefined;
  /** So many rows, one after another, ask about the same picture, which saves drawing. */
  readonly same_picture?: number | undefined;
}
