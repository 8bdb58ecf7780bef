"use strict";

// Redoc fetches its own logo from its own host; this page loads nothing from elsewhere. React sets the source of an
// image as an attribute, and once more as a property.
const image = HTMLImageElement.prototype;
const source = Object.getOwnPropertyDescriptor(image, "src");
const isOurs = (url) => new URL(url, location).origin === location.origin;
image.setAttribute = function (name, value) {
  if (name !== "src" || isOurs(value)) Element.prototype.setAttribute.call(this, name, value);
};
Object.defineProperty(image, "src", {
  ...source,
  set(url) {
    if (isOurs(url)) source.set.call(this, url);
  },
});

// Montserrat and Roboto, Redoc's own choice, would come from elsewhere too.
const fontFamily = "system-ui, sans-serif";
const typography = { fontFamily, headings: { fontFamily } };
const light = { typography };
const dark = {
  colors: {
    primary: { main: "#7cc0ff" },
    success: { main: "#7ddba3" },
    error: { main: "#ff9d97" },
    text: { primary: "#e6e8ea", secondary: "#b7bcbf" },
    border: { dark: "#4a5156", light: "#3a4045" },
    responses: {
      success: { color: "#7ddba3", backgroundColor: "#17301f", tabTextColor: "#7ddba3" },
      error: { color: "#ff9d97", backgroundColor: "#351c1b", tabTextColor: "#ff9d97" },
    },
  },
  schema: { nestedBackground: "#24292c", typeNameColor: "#b7bcbf", typeTitleColor: "#b7bcbf", requireLabelColor: "#ff9d97" },
  typography: {
    ...typography,
    code: { color: "#ff9d97", backgroundColor: "#2a2e30" },
    links: { color: "#7cc0ff", visited: "#7cc0ff", hover: "#a9d5ff" },
  },
  sidebar: { backgroundColor: "#24292c", textColor: "#e6e8ea" },
  rightPanel: { backgroundColor: "#14181a" },
};

// The colours are computed once, when the page is made.
const isDark = matchMedia("(prefers-color-scheme: dark)");
isDark.addEventListener("change", () => location.reload());

const page = document.getElementById("redoc");
Redoc.init(page.dataset.schema, { theme: isDark.matches ? dark : light }, page);
