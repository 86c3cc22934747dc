// The drawn map of areas. The list next to it has the same content; when anything here fails, the
// tiles remain, or a sentence says that there is no map.
"use strict";

(() => {
  const box = document.getElementById("places-map");
  const tiles = document.getElementById("tile-map");
  const said = document.getElementById("map-said");
  if (!box) return;

  const SOURCE = "areas";

  function paint() {
    const style = getComputedStyle(document.documentElement);
    const named = (name) => style.getPropertyValue(name).trim();
    const accent = named("--q-accent");
    const paper = named("--q-paper");
    const shades = [named("--q-sunken"), ...[0.14, 0.27, 0.42].map((share) => mixed(accent, paper, share)), accent];
    return { shades, line: named("--q-line-strong"), strong: named("--q-ink"), ground: paper };
  }

  function mixed(one, other, share) {
    const parts = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    const [a, b] = [parts(one), parts(other)];
    return `rgb(${a.map((value, i) => Math.round(value * share + b[i] * (1 - share))).join(",")})`;
  }

  function styleOf(areas) {
    const { shades, line, strong, ground } = paint();
    const shade = ["to-number", ["get", "shade"], 0];
    const fill = ["match", shade, ...shades.flatMap((colour, i) => [i, colour]), shades[0]];
    const isArea = ["!=", ["geometry-type"], "Point"];
    const isPointed = ["boolean", ["feature-state", "pointed"], false];
    return {
      version: 8,
      sources: { [SOURCE]: { type: "geojson", data: areas, promoteId: "id" } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": ground } },
        { id: "areas", type: "fill", source: SOURCE, filter: isArea, paint: { "fill-color": fill } },
        {
          id: "borders",
          type: "line",
          source: SOURCE,
          filter: isArea,
          layout: { "line-join": "round" },
          paint: {
            "line-color": ["case", isPointed, strong, line],
            "line-width": ["case", isPointed, 3, 1],
          },
        },
        {
          id: "sites",
          type: "circle",
          source: SOURCE,
          filter: ["==", ["geometry-type"], "Point"],
          paint: { "circle-radius": 5, "circle-color": strong, "circle-stroke-color": ground, "circle-stroke-width": 2 },
        },
      ],
    };
  }

  function draw(areas) {
    maplibregl.setWorkerUrl(box.dataset.worker);
    const [west, south, east, north] = box.dataset.bounds.split(",").map(Number);
    box.hidden = false;
    const map = new maplibregl.Map({
      container: box,
      style: styleOf(areas),
      bounds: [[west, south], [east, north]],
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: {
        "Map.Title": box.dataset.map,
        "NavigationControl.ZoomIn": box.dataset.zoomIn,
        "NavigationControl.ZoomOut": box.dataset.zoomOut,
        "CooperativeGesturesHandler.WindowsHelpText": box.dataset.ctrl,
        "CooperativeGesturesHandler.MacHelpText": box.dataset.ctrl,
        "CooperativeGesturesHandler.MobileHelpText": box.dataset.twoFingers,
      },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
    return new Promise((resolve, reject) => {
      map.once("load", () => resolve(map));
      map.once("error", (event) => reject(event.error));
    });
  }

  // Labels are elements in the page's own font: a map's own labels would need a glyph server.
  function addLabels(map, features) {
    const ordered = [...features].sort((a, b) => (b.properties.count ?? 0) - (a.properties.count ?? 0));
    const labels = ordered.filter(({ properties }) => properties.at[0] !== null).map(({ properties }) => {
      const element = document.createElement("div");
      element.className = "map-label";
      element.textContent = properties.count ? `${properties.label} ${properties.count}` : properties.label;
      element.setAttribute("aria-hidden", "true");
      new maplibregl.Marker({ element }).setLngLat(properties.at).addTo(map);
      return element;
    });
    const thin = () => {
      const taken = [];
      labels.forEach((label) => {
        const rect = label.getBoundingClientRect();
        const isCrowded = taken.some(
          (other) => rect.left < other.right && other.left < rect.right && rect.top < other.bottom && other.top < rect.bottom,
        );
        label.toggleAttribute("data-crowded", isCrowded);
        if (!isCrowded) taken.push(rect);
      });
    };
    map.on("moveend", thin);
    map.on("idle", thin);
    thin();
  }

  function pointWith(map, features) {
    const byId = new Map(features.map(({ properties }) => [properties.id, properties]));
    const rows = new Map([...document.querySelectorAll("#parts tr[data-area]")].map((row) => [row.dataset.area, row]));
    let pointed = null;
    const point = (id) => {
      if (id === pointed) return;
      if (pointed) {
        map.setFeatureState({ source: SOURCE, id: pointed }, { pointed: false });
        rows.get(pointed)?.removeAttribute("data-pointed");
      }
      pointed = byId.has(id) ? id : null;
      if (pointed) {
        map.setFeatureState({ source: SOURCE, id: pointed }, { pointed: true });
        rows.get(pointed)?.setAttribute("data-pointed", "");
      }
      const { label, count } = byId.get(pointed) ?? { label: "", count: null };
      said.textContent = count === null ? label : `${label}: ${count}`;
    };
    map.on("mousemove", "areas", (event) => point(event.features[0].properties.id));
    map.on("mouseleave", "areas", () => point(null));
    map.on("mousemove", "sites", (event) => {
      said.textContent = event.features[0].properties.label;
    });
    map.on("click", "areas", (event) => {
      const { address } = byId.get(event.features[0].properties.id);
      if (address !== location.pathname) location.assign(address);
    });
    rows.forEach((row, id) => {
      row.addEventListener("pointerenter", () => point(id));
      row.addEventListener("pointerleave", () => point(null));
      row.addEventListener("focusin", () => point(id));
      row.addEventListener("focusout", () => point(null));
    });
  }

  async function start() {
    const answer = await fetch(box.dataset.outlines, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    const areas = await answer.json();
    const map = await draw(areas);
    tiles?.setAttribute("hidden", "");
    said.hidden = false;
    document.getElementById("map-credit")?.removeAttribute("hidden");
    const outlines = areas.features.filter(({ geometry }) => geometry.type !== "Point");
    addLabels(map, outlines);
    pointWith(map, outlines);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(styleOf(areas)));
  }

  start().catch(() => {
    box.hidden = true;
    if (!tiles) document.getElementById("map-failed").hidden = false;
  });
})();
