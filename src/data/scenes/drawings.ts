/** How a kind of object is drawn. */
export interface Drawing {
  /** Width and height in the drawing's own units; the shapes touch all four sides and stay inside. */
  readonly frame: readonly [number, number];
  /** The colours that it comes in. */
  readonly colours: readonly string[];
  /** The shapes as SVG elements. */
  readonly shapes: (colour: string) => string;
}

const light = (shape: string, opacity = 0.35) => `<g fill="#fff" opacity="${opacity}">${shape}</g>`;
const dark = (shape: string, opacity = 0.18) => `<g fill="#000" opacity="${opacity}">${shape}</g>`;
const path = (d: string, fill?: string) =>
  fill === undefined ? `<path d="${d}"/>` : `<path d="${d}" fill="${fill}"/>`;
const oval = (cx: number, cy: number, rx: number, ry: number, fill?: string) =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}"${fill === undefined ? "" : ` fill="${fill}"`}/>`;

const wing = "M66 60C60 34 50 12 36 0H28C22 22 28 48 44 64C52 70 64 68 66 60Z";
const crown =
  "M37 0C52 0 62 10 63 21C71 26 74 34 74 42C74 56 62 66 48 66H26C12 66 0 56 0 43C0 34 4 26 11 21C12 10 22 0 37 0Z";

/** The drawing of each kind and of what litters a scene, flat and bright, in the manner of a picture book. Ours. */
export const drawings: Readonly<Record<string, Drawing>> = {
  apple: {
    frame: [96, 100],
    colours: ["#d8342f", "#c92a42", "#e0503a"],
    shapes: (colour) =>
      path("M44 0H56L53 30H47Z", "#6b4526") +
      path("M54 17C60 3 74 1 84 6C80 20 66 24 54 17Z", "#5b9a3c") +
      path(
        "M48 27C30 12 0 22 0 58C0 84 20 100 35 100C42 100 44 97 48 97C52 97 54 100 61 100C76 100 96 84 96 58C96 22 66 12 48 27Z",
        colour,
      ) +
      light(oval(24, 50, 8, 13)),
  },
  ball: {
    frame: [100, 100],
    colours: ["#f2a413", "#ef7d1a", "#f5b83d"],
    shapes: (colour) =>
      oval(50, 50, 50, 50, colour) +
      path("M50 0C84 22 84 78 50 100C66 72 66 28 50 0Z", "#fff") +
      path("M50 0C16 22 16 78 50 100C34 72 34 28 50 0Z", "#2d7fb8") +
      light(oval(27, 27, 9, 9)),
  },
  bird: {
    frame: [112, 100],
    colours: ["#3f7fd0", "#3d93c9", "#5b73d6"],
    shapes: (colour) =>
      path("M52 80H56V95H63V100H47V95H52ZM68 80H72V95H79V100H65V95H68Z", "#d98324") +
      path("M0 44L34 50L32 72L2 62Z", colour) +
      dark(path("M0 44L34 50L32 72L2 62Z")) +
      oval(56, 60, 34, 25, colour) +
      oval(82, 36, 20, 20, colour) +
      path("M99 27L112 34V40L98 46Z", "#f0a52a") +
      light(oval(68, 70, 19, 13), 0.55) +
      path(wing, colour) +
      dark(path(wing), 0.25) +
      oval(87, 32, 5, 5, "#fff") +
      oval(88, 32, 3, 3, "#1d2433"),
  },
  bowl: {
    frame: [116, 100],
    colours: ["#7cc4e0", "#86cfd8", "#8fbfe6"],
    shapes: (colour) =>
      path(
        "M20 0H96V8C107 17 116 34 116 54C116 80 98 100 78 100H38C18 100 0 80 0 54C0 34 9 17 20 8Z",
        "#e4f3fa",
      ) +
      path(
        "M6 34H110C113 42 114 48 114 54C114 79 97 97 78 97H38C19 97 2 79 2 54C2 48 3 42 6 34Z",
        colour,
      ) +
      path("M20 0H96V8H20Z", "#a9cfe2") +
      light(path("M14 42C10 58 16 74 26 82C22 68 20 56 22 42Z"), 0.6),
  },
  box: {
    frame: [116, 100],
    colours: ["#a9713c", "#b5803f", "#9c6a44"],
    shapes: (colour) =>
      path("M0 0H116V100H0Z", colour) +
      path("M8 8H108V92H8Z", "#e6c795") +
      dark(path("M8 28H108V30H8ZM8 49H108V51H8ZM8 70H108V72H8Z"), 0.16) +
      dark(path("M8 8H108V15H8ZM8 15H14V92H8Z"), 0.24) +
      dark(path("M0 95H116V100H0Z")) +
      light(path("M0 0H116V3H0Z")),
  },
  car: {
    frame: [200, 100],
    colours: ["#d6453d", "#2f9e8f", "#8a56c2"],
    shapes: (colour) =>
      path(
        "M0 58C0 48 10 45 38 40L62 8C66 2 72 0 80 0H128C137 0 143 3 149 9L176 40C192 43 200 48 200 60V82H0Z",
        colour,
      ) +
      path(
        "M52 40L72 13C74 10 77 9 81 9H98V40ZM106 9H127C133 9 137 11 141 15L162 40H106Z",
        "#cfe9f7",
      ) +
      dark(path("M0 70H200V82H0Z")) +
      oval(46, 79, 21, 21, "#2b2f38") +
      oval(154, 79, 21, 21, "#2b2f38") +
      oval(46, 79, 9, 9, "#c9ced6") +
      oval(154, 79, 9, 9, "#c9ced6"),
  },
  cat: {
    frame: [84, 100],
    colours: ["#6d7485", "#4b4f5c", "#c98a4b"],
    shapes: (colour) =>
      path(
        "M60 96C76 98 84 86 84 74C84 66 82 60 78 58C72 58 74 66 74 74C74 82 68 86 60 84Z",
        colour,
      ) +
      path("M14 100C8 76 14 52 36 48C58 52 68 76 64 100Z", colour) +
      light(path("M28 100C25 84 30 70 38 70C47 70 52 84 49 100Z"), 0.45) +
      path(
        "M6 0H10L24 13C32 10 42 10 50 13L64 0H68C72 14 74 24 74 34C74 50 58 60 37 60C16 60 0 50 0 34C0 24 2 14 6 0Z",
        colour,
      ) +
      oval(22, 33, 6, 7, "#f3e58a") +
      oval(52, 33, 6, 7, "#f3e58a") +
      oval(22, 33, 2.4, 6, "#20242c") +
      oval(52, 33, 2.4, 6, "#20242c") +
      path("M32 43H42L37 49Z", "#e79aa6"),
  },
  cup: {
    frame: [72, 60],
    colours: ["#e7648d", "#d95a9b", "#ee7f87"],
    shapes: (colour) =>
      path(
        "M46 12H58C66 12 72 18 72 27C72 38 62 44 46 44V36C56 36 63 33 63 27C63 23 61 20 57 20H46Z",
        colour,
      ) +
      path("M0 0H52V42C52 52 46 60 36 60H16C6 60 0 52 0 42Z", colour) +
      path("M0 0H52V7H0Z", "#5a3524"),
  },
  fish: {
    frame: [102, 60],
    colours: ["#f26b21", "#e8572e", "#f58a1f"],
    shapes: (colour) =>
      path("M70 30L98 4H102V56H98Z", colour) +
      dark(path("M70 30L98 4H102V56H98Z")) +
      path("M0 30C8 10 24 0 42 0C60 0 74 14 80 30C74 46 60 60 42 60C24 60 8 50 0 30Z", colour) +
      light(path("M40 1C46 18 46 42 40 59H49C56 42 56 18 49 2Z"), 0.85) +
      oval(18, 24, 5, 5, "#fff") +
      oval(17, 24, 3, 3, "#1d2433"),
  },
  house: {
    frame: [96, 100],
    colours: ["#f0d9b0", "#e9c6b2", "#d5dbe4"],
    shapes: (colour) =>
      path("M68 8H80V40H68Z", "#8d5a4a") +
      path("M9 44H87V100H9Z", colour) +
      path("M46 0H50L96 44V50H0V44Z", "#b2463c") +
      path("M40 66H57V100H40Z", "#6a4a3a") +
      path("M17 60H33V76H17ZM64 60H80V76H64Z", "#8ec6e6") +
      light(path("M24 60H26V76H24ZM17 67H33V69H17ZM71 60H73V76H71ZM64 67H80V69H64Z"), 0.9),
  },
  kite: {
    frame: [70, 100],
    colours: ["#e0479e", "#7a4fd0", "#e8503f"],
    shapes: (colour) =>
      path(
        "M33 62H37C36 74 46 78 44 88C43 95 36 97 32 100H28C32 94 40 93 40 87C40 80 32 75 33 62Z",
        "#8a8f9c",
      ) +
      path("M36 76L48 70V84ZM44 86L34 80V94Z", "#f3c33c") +
      path("M33 0H37L70 29V33L37 66H33L0 33V29Z", colour) +
      light(path("M35 0H37L70 29V31H35ZM0 31H35V66H33L0 33Z"), 0.3),
  },
  lamp: {
    frame: [50, 100],
    colours: ["#f6cf52", "#f3c062", "#f9dc74"],
    shapes: (colour) =>
      path("M22 36H28V92H22Z", "#5d6470") +
      path("M8 94C8 91 12 89 18 89H32C38 89 42 91 42 94V100H8Z", "#474d58") +
      path("M12 0H38L50 40H0Z", colour) +
      light(path("M15 4H22L16 34H7Z")),
  },
  table: {
    frame: [170, 100],
    colours: ["#8a5a34", "#7b5240", "#96653a"],
    shapes: (colour) =>
      path("M14 14H156V30H14Z", colour) +
      dark(path("M14 14H156V30H14Z"), 0.3) +
      path("M14 16H28V100H14ZM142 16H156V100H142Z", colour) +
      path("M0 0H170V15H0Z", colour) +
      light(path("M0 0H170V5H0Z"), 0.25),
  },
  tree: {
    frame: [74, 100],
    colours: ["#2f8f46", "#3a9a3c", "#257a4c"],
    shapes: (colour) =>
      path("M32 56H42L46 100H28Z", "#75502f") +
      path(crown, colour) +
      light(path("M34 6C22 8 15 16 16 26C24 14 30 12 38 10Z"), 0.25) +
      dark(path("M22 66H48C62 66 74 56 74 42C66 54 48 60 22 56Z"), 0.15),
  },
  pebble: { frame: [9, 9], colours: ["#14100c"], shapes: (dark) => oval(4.5, 4.5, 4.5, 4.5, dark) },
};
