/**
 * The look of an explanation's drawing; lengths in units of the drawing.
 *
 * Blue and vermilion are told apart with every kind of colour vision (Okabe and Ito); dashes and
 * labels say the same without colour.
 */
export const explanationStyle = (unit: number): string => {
  const px = (length: number): string => `${Math.round(length * unit * 1000) / 1000}px`;
  return `
svg { background: #fff; font-family: system-ui, "Helvetica Neue", Arial, sans-serif; }
.blank { fill: #f4f5f7; stroke: #c5cad3; stroke-width: ${px(1)}; }
.veil { fill: #fff; fill-opacity: 0.25; }
.under { fill: none; stroke: #fff; stroke-opacity: 0.8; stroke-width: ${px(4.4)}; }
.box rect { fill: none; stroke-width: ${px(2)}; }
.target rect { stroke: #0067a5; }
.prediction rect { stroke: #c04a00; stroke-dasharray: ${px(7)} ${px(5)}; }
.join { fill: none; stroke: #5a6472; stroke-width: ${px(1.4)}; stroke-dasharray: ${px(1.4)} ${px(3)}; }
.halo { fill: none; stroke: #fff; stroke-opacity: 0.85; stroke-width: ${px(4.6)}; }
.line { fill: none; stroke-width: ${px(2)}; }
.head { stroke: #fff; stroke-width: ${px(0.8)}; }
.hit .line { stroke: #08775a; }
.hit .head { fill: #08775a; }
.miss .line { stroke: #3a3f47; stroke-dasharray: ${px(4)} ${px(3)}; }
.miss .head { fill: #3a3f47; }
text { fill: #fff; text-anchor: middle; font-weight: 500; }
.name.target rect { fill: #0067a5; stroke: none; }
.name.prediction rect { fill: #c04a00; stroke: none; }
.said rect { fill: #fff; stroke-width: ${px(1)}; }
.said text { fill: #10151c; }
.said.hit rect { stroke: #08775a; fill: #e0f5ed; }
.said.miss rect { stroke: #3a3f47; stroke-dasharray: ${px(3)} ${px(2)}; }
.key text { fill: #10151c; text-anchor: start; font-weight: 400; }
`;
};
