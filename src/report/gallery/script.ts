/** Filters, orders and turns over the images of each gallery, by pointer or keyboard. */
export const galleryScript = `
const few = 10;
for (const gallery of document.querySelectorAll(".gallery")) {
  const strip = gallery.querySelector(".strip");
  const status = gallery.querySelector(".count");
  const images = [...strip.children].map((option, place) => ({
    option,
    place,
    article: document.getElementById(option.getAttribute("aria-controls")),
    ...JSON.parse(option.dataset.facts),
  }));
  const chosen = (name) => gallery.querySelector('[data-choose="' + name + '"]')?.value ?? "";
  const recallOf = ({ recalls }, key) => {
    if (key !== "mean") return recalls[Number(key)];
    const known = recalls.filter((recall) => recall !== null);
    return known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
  };
  const valueOf = (image) => {
    const by = recallOf(image, chosen("by"));
    const minus = chosen("minus") === "" ? 0 : recallOf(image, chosen("minus"));
    return by === null || minus === null ? null : by - minus;
  };
  let shown = images;
  let current = images[0];
  const pick = (image, focus) => {
    current = image;
    for (const { option, article } of images) {
      const isCurrent = option === image?.option;
      article.hidden = !isCurrent;
      option.setAttribute("aria-selected", String(isCurrent));
      option.tabIndex = isCurrent ? 0 : -1;
    }
    if (!image) return;
    if (focus) image.option.focus({ preventScroll: true });
    const { left, width } = image.option.getBoundingClientRect();
    const frame = strip.getBoundingClientRect();
    const middle = left - frame.left - (frame.width - width) / 2;
    if (left < frame.left || left + width > frame.right) strip.scrollLeft += middle;
  };
  const apply = () => {
    const which = chosen("which");
    const predicate = chosen("predicate");
    const one = Number.parseInt(chosen("by"), 10);
    const hasFailed = ({ failed }) => (Number.isNaN(one) ? failed.includes(true) : failed[one]);
    shown = images
      .filter((image) => which !== "failures" || hasFailed(image))
      .filter(({ predicates }) => predicate === "" || predicates.includes(predicate));
    const order = which === "best" || which === "worst" ? which : chosen("order");
    const sign = order === "best" ? -1 : 1;
    if (order !== "data") {
      const known = shown.filter((image) => valueOf(image) !== null);
      known.sort((a, b) => sign * (valueOf(a) - valueOf(b)) || a.place - b.place);
      const unknown = shown.filter((image) => valueOf(image) === null);
      shown = which === "best" || which === "worst" ? known.slice(0, few) : [...known, ...unknown];
    }
    for (const { option } of images) option.hidden = true;
    for (const { option } of shown) {
      option.hidden = false;
      strip.append(option);
    }
    status.textContent = shown.length === 0
      ? "No image of the " + images.length + " is like that."
      : shown.length + " of " + images.length + " images";
    pick(shown.includes(current) ? current : shown[0]);
  };
  const go = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  strip.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !current) return;
    const at = shown.indexOf(current);
    const to = event.key === "Home" ? 0 : event.key === "End" ? shown.length - 1 : at + (go[event.key] ?? 0);
    if (event.key === "Enter" || event.key === " ") current.article.focus();
    else if (event.key in go || event.key === "Home" || event.key === "End")
      pick(shown[Math.max(0, Math.min(to, shown.length - 1))], true);
    else return;
    event.preventDefault();
  });
  gallery.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && current?.article.contains(event.target)) current.option.focus();
  });
  strip.addEventListener("click", ({ target }) => {
    const image = images.find(({ option }) => option.contains(target));
    if (image) pick(image, true);
  });
  gallery.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
  gallery.querySelector(".tools").addEventListener("change", apply);
  apply();
}
`;

/** The script's SHA-256, by which the page's policy lets it run and no other. */
export const galleryScriptHash = "sha256-ILzbF15xOLPFGh36ZpauRa3xRgqid4+26iSAbBlifXk=";
