/** Lights up a relation or an object with what belongs to it, by pointer, finger or keyboard. */
export const pageScript = `
const clear = (scene) => {
  scene.classList.remove("lit");
  for (const one of scene.querySelectorAll(".on")) one.classList.remove("on");
};
const light = (scene, chosen) => {
  clear(scene);
  const objects = new Set();
  for (const one of scene.querySelectorAll("[data-relation]")) {
    const ends = one.dataset.ends.split(" ");
    const isOn = "relation" in chosen
      ? one.dataset.relation === chosen.relation
      : ends.includes(chosen.object);
    if (!isOn) continue;
    one.classList.add("on");
    for (const end of ends) objects.add(end);
  }
  if ("object" in chosen) objects.add(chosen.object);
  for (const one of scene.querySelectorAll("[data-object]"))
    if (objects.has(one.dataset.object)) one.classList.add("on");
  scene.classList.add("lit");
};
const react = ({ target }) => {
  for (const scene of document.querySelectorAll(".scene.lit"))
    if (!scene.contains(target)) clear(scene);
  const scene = target.closest?.(".scene");
  if (!scene) return;
  const chosen = target.closest("[data-relation], [data-object]");
  if (chosen) light(scene, chosen.dataset);
  else clear(scene);
};
document.addEventListener("pointerover", react);
document.addEventListener("focusin", react);
`;

/** The script's SHA-256, by which the page's policy lets it run and no other. */
export const pageScriptHash = "sha256-j7X5UqB0ClFZ2HoAiI68JUibB23CBJpmJaJYYfki9pU=";
