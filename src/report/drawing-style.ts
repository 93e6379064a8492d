/** The look of a drawn scene, in a page and in a file of its own. */
export const drawingStyle = `\
.drawing rect, .drawing path { vector-effect: non-scaling-stroke; }
.drawing .box rect { fill: transparent; stroke-width: 2px; }
.drawing .box rect:first-of-type { stroke: #fff; stroke-opacity: 0.75; stroke-width: 4px; }
.drawing text { fill: #fff; text-anchor: middle; font-family: inherit; font-weight: 600; }
.drawing .name rect { fill-opacity: 0.92; }
.drawing .line { fill: none; stroke: #10151c; stroke-width: 1.8px; }
.drawing .halo { fill: none; stroke: #fff; stroke-opacity: 0.85; stroke-width: 4.2px; }
.drawing .head { fill: #10151c; stroke: #fff; stroke-width: 1px; }
.drawing .said rect { fill: #fff; stroke: #10151c; stroke-width: 1px; }
.drawing .said text { fill: #10151c; }
.drawing .hit .line { stroke: #08775a; stroke-width: 2.4px; }
.drawing .hit .head { fill: #08775a; }
.drawing .hit.said rect { stroke: #08775a; fill: #e0f5ed; }
.drawing .miss .line { stroke: #9c3d0c; stroke-dasharray: 5 3; }
.drawing .miss .head { fill: #9c3d0c; }
.drawing .miss.said rect { stroke: #9c3d0c; stroke-dasharray: 3 2; }
.drawing .box.wrong rect:last-of-type { stroke-dasharray: 6 4; }
.drawing .name.wrong rect { fill-opacity: 0.62; }
.drawing .gone rect { fill: none; stroke: #6b2fa0; stroke-width: 1.8px; stroke-dasharray: 1.5 4; stroke-linecap: round; }
.drawing .gone rect:first-of-type { stroke: #fff; stroke-opacity: 0.8; stroke-width: 3.4px; stroke-dasharray: none; }
.drawing .gone .line { stroke: #6b2fa0; stroke-width: 1.8px; stroke-dasharray: 1.5 4; stroke-linecap: round; }
.drawing .gone .halo { stroke-width: 3.4px; }
.drawing .gone .head { fill: #6b2fa0; }
.drawing .gone.end { visibility: hidden; }
.lit .drawing .gone.end.on { visibility: visible; }
`;
