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

const page = document.getElementById("redoc");

// Montserrat and Roboto, Redoc's own choice, would come from elsewhere too.
const fontFamily = "system-ui, sans-serif";
Redoc.init(page.dataset.schema, { theme: { typography: { fontFamily, headings: { fontFamily } } } }, page);
